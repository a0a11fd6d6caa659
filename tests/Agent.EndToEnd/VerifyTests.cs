using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>What somebody who trusts nothing but the keys is told of statements, sound and tampered with.</summary>
internal sealed class VerifyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    RecordedRun _run = null!;

    [SetUp]
    public async Task Record() => _run = await RecordedRun.GetAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_agents_own_heartbeat_holds_and_says_every_verdict(bool pinned)
    {
        var ended = await VerifyAsync(_run.Request, pinned ? _run.Pin : _run.AgentKeys);

        Assert.That(ended.ExitCode, Is.Zero, ended.Output + ended.Errors);
        Assert.That(ended.Output, Does.StartWith("The heartbeat holds").And.Contain($"site {TestSite.Id}").And.Contain("judging its evidence again gives the same verdicts"));
        Assert.That(ended.Output, Does.Contain($"head        {EntryCodec.Hash(Encoding.UTF8.GetBytes(_run.Export[3]))}"));
        Assert.That(ended.Output, Does.Match(@"\n  c-[0-9a-f]{10}: Hangzhou Art\. 19, 7 d: met; Hangzhou Art\. 19, 15 d: undetermined \(CommissioningUnknown\); Order 799 Art\. 17, 30 d: undetermined"));
        Assert.That(ended.Output, Does.Match(@"\n  c-[0-9a-f]{10}: Hangzhou Art\. 19, 7 d: breached \(.*ContinuityBroken"));
        Assert.That(ended.Errors, Is.Empty);
    }

    [Test]
    public async Task A_bare_heartbeat_a_receipt_and_a_reply_hold()
    {
        var heartbeat = await VerifyAsync(Encoding.UTF8.GetBytes(_run.HeartbeatJws + "\n"), _run.AgentKeys);
        var receipt = await VerifyAsync(Encoding.UTF8.GetBytes(_run.ReceiptJws), _run.ServerKeys);
        var reply = await VerifyAsync(_run.Reply, _run.ServerKeys);

        Assert.That(heartbeat.ExitCode, Is.Zero, heartbeat.Output);
        Assert.That(heartbeat.Output, Does.StartWith("The heartbeat holds").And.Contain("without the entries before it"));
        Assert.That(receipt.ExitCode, Is.Zero, receipt.Output);
        Assert.That(receipt.Output, Does.StartWith("The receipt holds").And.Contain("for         seq 4").And.Contain("judged"));
        Assert.That(reply.Output, Is.EqualTo(receipt.Output.Replace("receipt.keys", "reply.keys", StringComparison.Ordinal)));
        Assert.That(reply.ExitCode, Is.Zero);
    }

    [Test]
    public async Task The_agents_own_export_holds_with_either_key()
    {
        var server = await VerifyAsync(Lines(_run.Export), _run.ServerKeys);
        var agent = await VerifyAsync(Lines(_run.Export), _run.Pin);
        var windows = await VerifyAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", _run.Export)), _run.ServerKeys);

        Assert.That(new[] { server.ExitCode, agent.ExitCode, windows.ExitCode }, Is.All.Zero);
        Assert.That(server.Output, Does.Contain("6 entries").And.Contain("1 hold, the newest for seq 4").And.Contain("vouches for it"));
        Assert.That(agent.Output, Does.Contain("not checked 1 receipt").And.Contain("Nothing in it is vouched for"));
        Assert.That(server.Output, Does.Contain($"head        {EntryCodec.Hash(Encoding.UTF8.GetBytes(_run.Export[^1]))}"));
    }

    [TestCase("a figure in line 2 changed", "line 3, seq 3:")]
    [TestCase("a brace in line 2 changed", "line 2, where seq 2 belongs:")]
    [TestCase("the first byte changed", "line 1, where seq 1 belongs:")]
    [TestCase("line 1 removed", "line 1, seq 2:")]
    [TestCase("line 3 removed", "line 3, seq 4:")]
    [TestCase("lines 2 and 3 swapped", "line 2, seq 3:")]
    [TestCase("line 3 repeated", "line 4, seq 3:")]
    [TestCase("an empty line put in", "line 3, where seq 3 belongs:")]
    [TestCase("the last line cut", "line 6, where seq 6 belongs: the file ends in the middle of it")]
    [TestCase("line 2 re-hashed", "line 4, seq 4:")]
    [TestCase("everything from line 2 re-hashed", "line 5, seq 5: the audit server's receipt")]
    [TestCase("a space put into line 2", "line 2, where seq 2 belongs:")]
    [TestCase("another agent's line 2", "line 2, seq 2:")]
    public async Task A_tampered_export_does_not_hold_and_the_first_fault_is_named(string how, string where)
    {
        var ended = await VerifyAsync(Tampered(how), _run.ServerKeys);

        Assert.That(ended.ExitCode, Is.EqualTo(1), ended.Output);
        Assert.That(ended.Output, Does.StartWith($"The ledger export DOES NOT HOLD. First fault: {where}"));
        Assert.That(ended.Output.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("alg none", "WrongAlgorithm")]
    [TestCase("alg HS256", "WrongAlgorithm")]
    [TestCase("alg ES384", "WrongAlgorithm")]
    [TestCase("kid of another", "UnknownKey")]
    [TestCase("kid of the server", "BadSignature")]
    [TestCase("no kid", "UnknownKey")]
    [TestCase("typ of an attestation", "WrongType")]
    [TestCase("crit", "Malformed")]
    [TestCase("payload changed", "BadSignature")]
    [TestCase("signature of zeros", "BadSignature")]
    [TestCase("signature in DER", "BadSignature")]
    [TestCase("padded", "Malformed")]
    public async Task A_tampered_heartbeat_does_not_hold(string how, string fault)
    {
        var both = $"{{\"keys\":[{_run.AgentKeys[9..^2]},{_run.ServerKeys.Trim()[9..^2]}]}}";

        var bare = await VerifyAsync(Encoding.UTF8.GetBytes(Tampered(_run.HeartbeatJws, how)), both);
        var request = await VerifyAsync(new HeartbeatRequest(Tampered(_run.HeartbeatJws, how), HeartbeatRequest.Decode(_run.Request).Entries).Encode(), both);

        Assert.That((bare.ExitCode, request.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(bare.Output, Does.Contain($"DOES NOT HOLD ({fault})"));
        Assert.That(request.Output, Does.Contain($"DOES NOT HOLD ({fault})"));
    }

    [Test]
    public async Task A_wrong_key_is_not_believed()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = new JwkSet([Jwk.FromKey(other)]).ToJson();

        foreach (var statement in new[] { _run.Request, _run.Reply, Encoding.UTF8.GetBytes(_run.HeartbeatJws) })
        {
            var ended = await VerifyAsync(statement, keys);

            Assert.That(ended.ExitCode, Is.EqualTo(1));
            Assert.That(ended.Output, Does.Contain("(UnknownKey)"));
        }
    }

    [Test]
    public async Task A_key_pinned_for_another_agent_or_revoked_is_not_believed()
    {
        var another = JsonNode.Parse(_run.Pin)!.AsObject();
        another["agent"] = "a-somebody-else";
        var revoked = JsonNode.Parse(_run.Pin)!.AsObject();
        revoked["revoked"] = true;

        Assert.That((await VerifyAsync(_run.Request, another.ToJsonString())).Output, Does.Contain("pinned for agent a-somebody-else"));
        Assert.That((await VerifyAsync(Lines(_run.Export), another.ToJsonString())).Output, Does.Contain("line 1, seq 1:").And.Contain("a-somebody-else"));
        var ended = await VerifyAsync(_run.Request, revoked.ToJsonString());
        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("revoked"));
    }

    [TestCase("an entry left out")]
    [TestCase("an entry changed")]
    public async Task A_request_with_other_entries_does_not_hold(string how)
    {
        var request = HeartbeatRequest.Decode(_run.Request);
        IEnumerable<string> entries = how == "an entry left out" ? request.Entries.Skip(1) : request.Entries.Select((e, i) => i == 1 ? e.Replace("\"requiredDays\":7", "\"requiredDays\":8", StringComparison.Ordinal) : e);

        var ended = await VerifyAsync(new HeartbeatRequest(request.Jws, [.. entries]).Encode(), _run.Pin);

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Output, Does.Contain("(BrokenChain)"));
    }

    [Test]
    public async Task A_signed_heartbeat_whose_verdicts_do_not_follow_from_its_evidence_does_not_hold()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var entry = EntryCodec.Decode(Encoding.UTF8.GetBytes(_run.Export[3]));
        var said = HeartbeatCodec.Decode(entry.Body);
        var lie = said with { Cameras = [.. said.Cameras.Select(c => c with { Claimed = c.Claimed with { Thresholds = [.. c.Claimed.Thresholds.Select(t => t with { Verdict = Verdict.Met, Continuity = Verdict.Met, Retention = Verdict.Met, Reasons = [] })] } })] };
        var bytes = EntryCodec.Encode(entry with { Body = HeartbeatCodec.Encode(lie) });

        var ended = await VerifyAsync(Encoding.UTF8.GetBytes(Jws.Sign(bytes, StatementTypes.Heartbeat, key)), new JwkSet([Jwk.FromKey(key)]).ToJson());

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Output, Does.StartWith("The heartbeat DOES NOT HOLD").And.Contain("7 d: verdict met, recomputed breached"));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"jws\":1}")]
    [TestCase("{\"jws\":\"\"}")]
    [TestCase("{\"jws\":\"a.b.c\",\"entries\":[1]}")]
    [TestCase("{\"receipt\":\"\\ud800\"}")]
    [TestCase("{\"receipt\":\"..\"}")]
    [TestCase("..")]
    [TestCase("a.b.c")]
    [TestCase("e30.e30.e30")]
    [TestCase("{\"v\":")]
    [TestCase("{\"v\":1}")]
    [TestCase("{\"v\":1,\"agent\":\"ESC[2J\",\"ESC[2J\":1}")]
    [TestCase("NUL NUL NUL")]
    [TestCase("<html>not found</html>")]
    public async Task Bad_input_is_refused_in_one_plain_sentence(string content)
    {
        var ended = await VerifyAsync(Encoding.UTF8.GetBytes(Raw(content)), _run.ServerKeys);

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Output + ended.Errors, Is.Not.Empty.And.Not.Contain("   at ").And.Not.Contain("fault of the program").And.Not.Contain("\u001b"));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("{\"keys\":[]}")]
    [TestCase("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\"}]}")]
    [TestCase("{\"key\":{}}")]
    [TestCase("{\"key\":5,\"site\":\"S\",\"agent\":\"a\"}")]
    [TestCase("NUL")]
    public async Task Bad_keys_are_refused_in_one_plain_sentence(string keys)
    {
        var ended = await VerifyAsync(_run.Request, Raw(keys));

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Output, Is.Empty);
        Assert.That(ended.Errors, Does.Contain("holds no keys to check with").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_line_longer_than_any_entry_and_a_file_of_noise_are_refused()
    {
        var line = await VerifyAsync(Encoding.UTF8.GetBytes("{\"v\":1,\"agent\":\"" + new string('a', 3 << 20)), _run.ServerKeys);
        var noise = await VerifyAsync([.. Enumerable.Range(0, 6 << 20).Select(i => (byte)(i * 31))], _run.ServerKeys);

        Assert.That((line.ExitCode, noise.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(line.Output, Does.Contain("line 1, where seq 1 belongs"));
        Assert.That(noise.Errors, Does.Contain("too large"));
    }

    [Test]
    public async Task What_cannot_be_read_is_named()
    {
        var keys = _folder.Write("keys", _run.ServerKeys);
        foreach (var name in new[] { Path.Combine(_folder.Path, "nowhere"), _folder.Path, "http://audit.example/export", "ftp://127.0.0.1/x", "file:///etc/hosts", "https://", $"http://127.0.0.1:{Programs.FreePort()}/" })
        {
            var statement = await Programs.RunAgentAsync("verify", name, "--jwks", keys);
            var jwks = await Programs.RunAgentAsync("verify", keys, "--jwks", name);

            Assert.That((statement.ExitCode, jwks.ExitCode), Is.EqualTo((1, 1)), name);
            Assert.That(statement.Errors, Does.StartWith($"{name} cannot be read: ").And.Not.Contain("   at "));
            Assert.That(jwks.Errors, Is.EqualTo(statement.Errors));
        }
    }

    [Test]
    public async Task An_address_is_fetched_without_following_redirects_or_taking_more_than_the_cap()
    {
        await using var pages = new PageListener(new Dictionary<string, byte[]?>
        {
            ["/export"] = Lines(_run.Export), ["/keys"] = Encoding.UTF8.GetBytes(_run.ServerKeys), ["/moved"] = null, ["/huge"] = new byte[(64 << 20) + 1],
        });

        var sound = await Programs.RunAgentAsync("verify", pages.Url("/export"), "--jwks", pages.Url("/keys"));
        var moved = await Programs.RunAgentAsync("verify", pages.Url("/moved"), "--jwks", pages.Url("/keys"));
        var huge = await Programs.RunAgentAsync("verify", pages.Url("/huge"), "--jwks", pages.Url("/keys"));
        var hugeKeys = await Programs.RunAgentAsync("verify", pages.Url("/export"), "--jwks", pages.Url("/huge"));
        var absent = await Programs.RunAgentAsync("verify", pages.Url("/absent"), "--jwks", pages.Url("/keys"));

        Assert.That(sound.ExitCode, Is.Zero, sound.Errors);
        Assert.That(new[] { moved, huge, hugeKeys, absent }.Select(e => e.ExitCode), Is.All.EqualTo(1));
        Assert.That(moved.Errors, Does.Contain("answered 302, and redirects are not followed"));
        Assert.That(huge.Errors, Does.Contain("too large"));
        Assert.That(hugeKeys.Errors, Does.Contain("too large"));
        Assert.That(absent.Errors, Does.Contain("answered 404"));
    }

    public void Dispose() => _folder.Dispose();

    Task<EndedProcess> VerifyAsync(byte[] statement, string keys) =>
        Programs.RunAgentAsync("verify", _folder.Write($"{Guid.NewGuid():N}.statement", statement), "--jwks", _folder.Write("agent.keys", keys));

    // The name of a test that holds such characters gets lost in reports, and the test with it.
    static string Raw(string text) => text.Replace("NUL", "\0", StringComparison.Ordinal).Replace("ESC", "\u001b", StringComparison.Ordinal);

    static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    byte[] Tampered(string how)
    {
        var lines = _run.Export.ToList();
        var changed = lines[1].Replace("\"requiredDays\":7", "\"requiredDays\":8", StringComparison.Ordinal);
        switch (how)
        {
            case "a figure in line 2 changed": lines[1] = changed; break;
            case "a brace in line 2 changed": lines[1] = lines[1][..^1] + "]"; break;
            case "the first byte changed": lines[0] = "[" + lines[0][1..]; break;
            case "line 1 removed": lines.RemoveAt(0); break;
            case "line 3 removed": lines.RemoveAt(2); break;
            case "lines 2 and 3 swapped": (lines[1], lines[2]) = (lines[2], lines[1]); break;
            case "line 3 repeated": lines.Insert(3, lines[2]); break;
            case "an empty line put in": lines.Insert(2, ""); break;
            case "the last line cut": return Lines(lines)[..^20];
            case "a space put into line 2": lines[1] = lines[1].Replace("\"body\":", "\"body\": ", StringComparison.Ordinal); break;
            case "another agent's line 2": lines[1] = lines[1].Replace("\"agent\":\"a-", "\"agent\":\"b-", StringComparison.Ordinal); break;
            case "line 2 re-hashed":
                lines[1] = changed;
                lines[2] = Following(lines[2], changed);
                break;
            default:
                lines[1] = changed;
                for (var i = 2; i < lines.Count; i++)
                    lines[i] = Following(lines[i], lines[i - 1]);
                break;
        }
        return Lines(lines);
    }

    /// <summary>An entry that names another one as the one before it.</summary>
    static string Following(string entry, string previous) => Encoding.UTF8.GetString(EntryCodec.Encode(
        EntryCodec.Decode(Encoding.UTF8.GetBytes(entry)) with { Previous = EntryCodec.Hash(Encoding.UTF8.GetBytes(previous)) }));

    string Tampered(string jws, string how)
    {
        var parts = jws.Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject();
        switch (how)
        {
            case "alg none": header["alg"] = "none"; parts[2] = ""; break;
            case "alg HS256":
                header["alg"] = "HS256";
                parts[0] = Encoded(header);
                // Signed with the public key as the secret, as a verifier that believes "alg" would take it.
                return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_run.AgentKeys), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")))}";
            case "alg ES384": header["alg"] = "ES384"; break;
            case "kid of another": header["kid"] = new string('A', 43); break;
            case "kid of the server": header["kid"] = JwkSet.Parse(_run.ServerKeys).Keys[0].Thumbprint; break;
            case "no kid": header.Remove("kid"); break;
            case "typ of an attestation": header["typ"] = StatementTypes.Attestation; break;
            case "crit": header["crit"] = new JsonArray("exp"); break;
            case "payload changed":
                return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("breached", "met", StringComparison.Ordinal)))}.{parts[2]}";
            case "signature of zeros": return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}";
            case "signature in DER":
                var raw = Base64Url.DecodeFromChars(parts[2]);
                return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString([0x30, 0x46, 0x02, 0x21, 0x00, .. raw[..32], 0x02, 0x21, 0x00, .. raw[32..]])}";
            default: return jws + "=";
        }
        return $"{Encoded(header)}.{parts[1]}.{parts[2]}";
    }

    static string Encoded(JsonObject header) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()));
}
