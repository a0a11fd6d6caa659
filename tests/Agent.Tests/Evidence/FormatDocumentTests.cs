using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence;

/// <summary>FORMAT.md is what outsiders implement from: its vectors are read out of the page and held against our code and against openssl.</summary>
sealed partial class FormatDocumentTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src", "Agent.Evidence", "FORMAT.md"));

    static readonly Dictionary<string, string> Vectors = VectorBlock().Matches(Page)
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value.ReplaceLineEndings("\n"));

    static ReadOnlyMemory<byte>[] Entries { get; } = [.. Enumerable.Range(1, 8).Select(seq => (ReadOnlyMemory<byte>)Bytes($"entry-{seq}"))];

    [Test]
    public void The_entries_are_a_chain_with_the_printed_hashes()
    {
        Assert.That(ChainVerifier.FirstFault(Entries, ChainStart.OfEpoch), Is.Null);
        Assert.That(PrintedHash().Matches(Page).Select(match => match.Groups[1].Value), Is.EqualTo(Entries.Select(entry => EntryCodec.Hash(entry.Span))));
    }

    [Test]
    public void The_request_holds_and_delivers_the_printed_heartbeat()
    {
        var request = HeartbeatRequest.Decode(Bytes("request"));
        var check = StatementVerifier.VerifyHeartbeat(request, JwkSet.Parse(Vectors["agent-jwks"]).Find,
            new ChainStart { Seq = 4, Previous = EntryCodec.Hash(Entries[2].Span) });

        Assert.That(check.Fault, Is.Null);
        Assert.That(request.Jws, Is.EqualTo(Vectors["heartbeat"]));
        Assert.That(check.Heartbeat!.EntryBytes.ToArray(), Is.EqualTo(Bytes("entry-6")));
        Assert.That(request.Encode(), Is.EqualTo(Bytes("request")));
    }

    [Test]
    public void The_tick_holds_by_the_key_that_the_entry_beside_it_introduces()
    {
        var request = HeartbeatRequest.Decode(Bytes("tick-request"));
        var check = StatementVerifier.VerifyHeartbeat(request, JwkSet.Parse(Vectors["agent-jwks"]).Find,
            new ChainStart { Seq = 7, Previous = EntryCodec.Hash(Entries[5].Span) });

        Assert.That(check.Fault, Is.Null);
        Assert.That(request.Jws, Is.EqualTo(Vectors["tick"]).And.Length.LessThanOrEqualTo(1024));
        Assert.That(check.Heartbeat!.EntryBytes.ToArray(), Is.EqualTo(Bytes("entry-8")));
        Assert.That(check.Heartbeat.Rotations.Single().New, Is.EqualTo(check.Heartbeat.Key));
    }

    [Test]
    public void The_attestation_holds_within_its_minute_for_its_nonce()
    {
        var next = StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(Bytes("tick-request")), JwkSet.Parse(Vectors["agent-jwks"]).Find).Heartbeat!.Key;
        var payload = AttestationCodec.Decode(Bytes("attestation-payload"));

        var check = StatementVerifier.VerifyAttestation(Vectors["attestation"], new JwkSet([next]).Find, payload.IssuedAt.AddSeconds(30), payload.Nonce);

        Assert.That(check.Fault, Is.Null);
        Assert.That(AttestationCodec.Encode(check.Attestation!), Is.EqualTo(Bytes("attestation-payload")));
    }

    [Test]
    public void The_printed_verdicts_follow_from_the_printed_evidence_and_the_receipt_says_so()
    {
        var entry = EntryCodec.Decode(Entries[5]);
        var heartbeat = HeartbeatCodec.Decode(entry.Body);
        using var receipt = JsonDocument.Parse(EntryCodec.Decode(Entries[3]).Body);

        Assert.That(HeartbeatCodec.Encode(heartbeat), Is.EqualTo(entry.Body.ToArray()));
        Assert.That(HeartbeatAuditor.Audit(heartbeat, entry.Time).Judged, Is.EqualTo(ServerJudgement.Agrees));
        Assert.That(ReceiptCodec.Decode(Bytes("receipt-payload")).Judged, Is.EqualTo(ServerJudgement.Agrees));
        Assert.That(heartbeat.Receipt, Is.EqualTo(EntryCodec.Hash(Encoding.ASCII.GetBytes(receipt.RootElement.GetProperty("jws").GetString()!))));
        Assert.That(heartbeat.Cameras[0].Timeline.Folded, Has.Count.EqualTo(1));
        Assert.That(HeartbeatCodec.Decode(EntryCodec.Decode(Entries[2]).Body).Cameras, Is.Empty);
    }

    [TestCase("[1794654300000,1794656700000],", "", "c-0a1b2c3d4e, 15 d: verdict interrupted, recomputed met")]
    [TestCase("\"continuousSince\":\"2026-11-14", "\"continuousSince\":\"2026-11-13", "c-0a1b2c3d4e: continuousSince 2026-11-13T11:45:00.000Z, recomputed 2026-11-14T11:45:00.000Z")]
    [TestCase("\"verdict\":\"breached\"", "\"verdict\":\"met\"", "c-0a1b2c3d4e, 30 d: verdict met, recomputed breached")]
    [TestCase("\"seconds\":6.5", "\"seconds\":5.5", "c-0a1b2c3d4e, 7 d: gapSeconds 23.375, recomputed 22.375")]
    public void A_printed_figure_that_is_changed_is_found(string from, string to, string difference)
    {
        var entry = EntryCodec.Decode(Entries[5]);
        var changed = Encoding.UTF8.GetString(entry.Body.Span).Replace(from, to, StringComparison.Ordinal);

        var audit = HeartbeatAuditor.Audit(HeartbeatCodec.Decode(Encoding.UTF8.GetBytes(changed)), entry.Time);

        Assert.That(audit.Differences.Select(d => d.ToString()), Does.Contain(difference));
    }

    [Test]
    public void Every_key_of_the_heartbeat_body_is_documented()
    {
        var section = Page[Page.IndexOf("### Heartbeat body", StringComparison.Ordinal)..Page.IndexOf("## Heartbeat request", StringComparison.Ordinal)];
        using var body = JsonDocument.Parse(EntryCodec.Decode(Entries[5]).Body);

        Assert.That(Keys(body.RootElement).Distinct().Where(key => !section.Contains($"`{key}`", StringComparison.Ordinal) && !section.Contains($"\"{key}\"", StringComparison.Ordinal)), Is.Empty);

        static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Keys(member.Value).Prepend(member.Name)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
            _ => [],
        };
    }

    [Test]
    public void The_receipt_holds_for_the_heartbeat()
    {
        var check = StatementVerifier.VerifyReceipt(Vectors["receipt"], JwkSet.Parse(Vectors["server-jwks"]).Find, Entries[5]);

        Assert.That(check.Fault, Is.Null);
        Assert.That(ReceiptCodec.Encode(check.Receipt!), Is.EqualTo(Bytes("receipt-payload")));
        Assert.That(check.Receipt!.Asks.Select(ask => ask.GetType()), Is.EqualTo([typeof(AttestAsk), typeof(NextAsk), typeof(AssignAsk), typeof(ChallengeAsk)]));
        Assert.That(check.Receipt!.Previous, Is.EqualTo(EntryCodec.Hash(Entries[2].Span)));
    }

    [Test]
    public void The_key_sets_are_those_of_the_named_keys()
    {
        using var agent = TestKeys.Agent();
        using var server = TestKeys.Server();

        Assert.That(new JwkSet([Jwk.FromKey(agent)]).ToJson(), Is.EqualTo(Vectors["agent-jwks"]));
        Assert.That(new JwkSet([Jwk.FromKey(server)]).ToJson(), Is.EqualTo(Vectors["server-jwks"]));
    }

    [TestCase("heartbeat", "agent-jwks")]
    [TestCase("receipt", "server-jwks")]
    public void Openssl_verifies_the_signature(string statement, string keys)
    {
        var compact = Vectors[statement];
        var dot = compact.LastIndexOf('.');
        var raw = StrictBase64Url.Decode(compact.AsSpan(dot + 1))!;
        using var key = JwkSet.Parse(Vectors[keys]).Keys[0].ToKey();
        using var folder = new TemporaryFolder();
        folder.Write("key.pem", key.ExportSubjectPublicKeyInfoPem());
        folder.Write("signed", compact[..dot]);
        folder.Write("sig.der", DerOf(raw));

        var (code, output) = Run(folder, "openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig.der", "signed");
        Assert.That((code, output.Trim()), Is.EqualTo((0, "Verified OK")));

        folder.Write("signed", compact[..dot] + "A");
        Assert.That(Run(folder, "openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig.der", "signed").Code, Is.Not.Zero);
    }

    [Test]
    public void Sha256sum_prints_the_hash_of_an_entry()
    {
        using var folder = new TemporaryFolder();
        folder.Write("entry", Vectors["entry-2"]);

        Assert.That(Run(folder, "sha256sum", "entry").Output, Does.StartWith(EntryCodec.Hash(Entries[1].Span)));
    }

    [Test]
    public void The_printed_Python_accepts_the_request_and_refuses_a_changed_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write("check.py", Vectors["check"]);
        folder.Write("request.json", Vectors["request"]);
        folder.Write("agent.jwks.json", Vectors["agent-jwks"]);
        RequirePresent(folder, "openssl", "version");

        var (code, output) = Run(folder, "python3", "check.py", "request.json", "agent.jwks.json");
        Assert.That(code, Is.Zero, output);
        var promised = PromisedLine().Match(Page).Groups[1].Value;
        Assert.That(promised, Is.EqualTo($"heartbeat 6 {EntryCodec.Hash(Entries[5].Span)} holds"));
        Assert.That(output, Does.Contain("Verified OK").And.Contain(promised));

        folder.Write("request.json", Vectors["request"].Replace("AgentDown", "AgentDawn", StringComparison.Ordinal));
        Assert.That(Run(folder, "python3", "check.py", "request.json", "agent.jwks.json").Code, Is.Not.Zero);
    }

    static byte[] Bytes(string vector) => Encoding.UTF8.GetBytes(Vectors[vector]);

    static byte[] DerOf(byte[] raw)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(raw.AsSpan(0, 32).TrimStart((byte)0));
            writer.WriteIntegerUnsigned(raw.AsSpan(32).TrimStart((byte)0));
        }

        return writer.Encode();
    }

    static void RequirePresent(TemporaryFolder folder, string tool, params string[] arguments) => Run(folder, tool, arguments);

    static (int Code, string Output) Run(TemporaryFolder folder, string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{tool} did not end.");
            }

            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception)
        {
            Assert.Ignore($"{tool} is not installed.");
            throw;
        }
    }

    static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^```[a-z]+ vector=(?<name>[a-z0-9-]+)\\r?\\n(?<text>.*?)\\r?\\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex VectorBlock();

    [GeneratedRegex("^Hash `([0-9a-f]{64})`", RegexOptions.Multiline)]
    private static partial Regex PrintedHash();

    [GeneratedRegex("`(heartbeat 6 [0-9a-f]+ holds)`")]
    private static partial Regex PromisedLine();
}
