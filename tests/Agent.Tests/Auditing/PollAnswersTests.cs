using System.Net;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Ledger;
using Agent.Tests.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

/// <summary>What is answered, held against whoever checks it with nothing but the keys.</summary>
internal sealed class PollAnswersTests
{
    [Test]
    public async Task An_attestation_is_fresh_signed_and_stands_behind_its_own_entry_in_the_register()
    {
        await using var poll = await PollFixture.StartAsync();
        var nonce = PollFixture.Nonce();

        var jws = JsonDocument.Parse(await poll.Asker().ReadAsync($"/v1/attestation?nonce={nonce}")).RootElement.GetProperty("attestation").GetString()!;

        var check = StatementVerifier.VerifyAttestation(jws, poll.Agent.Identity.PublicKeys.Find, poll.Agent.Time.GetUtcNow(), nonce);
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Attestation!.Head, Is.EqualTo(EntryCodec.Hash(EntryCodec.Encode(poll.Agent.Entries().Single(e => e.Type == EntryTypes.Access)))));
        Assert.That(check.Attestation.Cameras.Single().Camera, Is.EqualTo(PollFixture.Camera));
    }

    [Test]
    public async Task A_nonce_is_answered_once_and_must_be_one()
    {
        await using var poll = await PollFixture.StartAsync();
        var nonce = PollFixture.Nonce();
        using var first = await poll.Asker().AskAsync($"/v1/attestation?nonce={nonce}");
        using var again = await poll.Asker(key: null, poll.Officer).AskAsync($"/v1/attestation?nonce={nonce}");
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((again.StatusCode, await PollFixture.CodeOf(again)), Is.EqualTo((HttpStatusCode.Conflict, "ReplayedNonce")));

        foreach (var wrong in new[] { "", "?nonce=short", $"?nonce={new string('a', 129)}", $"?nonce={nonce}&nonce={nonce}", "?nonce=%22%7D0123456789012345678901" })
        {
            using var refused = await poll.Asker().AskAsync($"/v1/attestation{wrong}");
            Assert.That((refused.StatusCode, await PollFixture.CodeOf(refused)), Is.EqualTo((HttpStatusCode.BadRequest, "BadNonce")), wrong);
        }
    }

    [Test]
    public async Task Statements_come_with_their_entries_and_verify_one_after_the_other()
    {
        await using var poll = await PollFixture.StartAsync();
        Fill(poll.Agent);

        var lines = await LinesAsync(poll, "/v1/heartbeats?after=0");

        var start = ChainStart.Anywhere;
        foreach (var line in lines)
        {
            var check = StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(Encoding.UTF8.GetBytes(line)), poll.Agent.Identity.PublicKeys.Find, start);
            Assert.That(check.Fault, Is.Null);
            start = new ChainStart { Epoch = check.Heartbeat!.Entry.Epoch, Seq = check.Heartbeat.Entry.Seq + 1, Previous = check.Heartbeat.EntryHash };
        }

        Assert.That(lines, Has.Count.EqualTo(3));
        Assert.That(await LinesAsync(poll, $"/v1/heartbeats?after={poll.Agent.Entries().Last(e => e.Type == EntryTypes.Tick).Seq}"), Is.Empty);
    }

    [Test]
    public async Task The_ledger_comes_byte_for_byte_page_by_page()
    {
        await using var poll = await PollFixture.StartAsync();
        for (var i = 0; i < 2100; i++)
            poll.Agent.Ledger.Append(EntryTypes.Finding, LedgerFixture.Body($$"""{"number":{{i}}}"""));
        var before = poll.Agent.Ledger.Read.Head.Seq;

        var (lines, pages, path) = (new List<string>(), 0, "/v1/ledger?after=0");
        for (; path is not null; pages++)
        {
            using var page = await poll.Asker().AskAsync(path);
            Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(page.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/jsonl"));
            lines.AddRange((await page.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            path = page.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
        }

        Assert.That(pages, Is.EqualTo(3));
        Assert.That(ChainVerifier.FirstFault(lines.Select(l => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(l))), Is.Null);
        Assert.That(lines, Has.Count.EqualTo(before + 3), "each page is an access of its own");
    }

    [TestCase("/v1/ledger", HttpStatusCode.BadRequest, "BadParameter")]
    [TestCase("/v1/ledger?after=-1", HttpStatusCode.BadRequest, "BadParameter")]
    [TestCase("/v1/ledger?after=0&epoch=x", HttpStatusCode.BadRequest, "BadParameter")]
    [TestCase("/v1/ledger?after=0&epoch=00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound, "UnknownEpoch")]
    [TestCase("/v1/heartbeats?after=7&epoch=00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound, "UnknownEpoch")]
    [TestCase("/v1/ledger?after=1000000", HttpStatusCode.Conflict, "BeyondHead")]
    [TestCase("/v1/heartbeats?after=1000000", HttpStatusCode.Conflict, "BeyondHead")]
    [TestCase("/v1/cameras/cam-02/timeline", HttpStatusCode.NotFound, "UnknownCamera")]
    [TestCase("/v1/cameras/cam-01/timeline?from=yesterday", HttpStatusCode.BadRequest, "BadParameter")]
    [TestCase("/v1/cameras/cam-01/timeline?from=2026-11-23T10:00:00", HttpStatusCode.BadRequest, "BadParameter")]
    [TestCase("/v1/cameras/cam-01/timeline?from=2026-11-23T10:00:00Z&to=2026-11-22T10:00:00Z", HttpStatusCode.BadRequest, "BadParameter")]
    public async Task What_cannot_be_answered_is_named(string path, HttpStatusCode status, string code)
    {
        await using var poll = await PollFixture.StartAsync();

        using var answer = await poll.Asker().AskAsync(path);

        Assert.That((answer.StatusCode, await PollFixture.CodeOf(answer)), Is.EqualTo((status, code)));
        Assert.That(poll.Accesses(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_timeline_is_cut_to_what_was_asked_and_what_was_looked_at()
    {
        await using var poll = await PollFixture.StartAsync();
        var hole = PollFixture.Hole;

        var part = await JsonAsync(poll, $"/v1/cameras/{PollFixture.Camera}/timeline?from={Text(hole.From.AddHours(-1))}&to={Text(hole.To.AddHours(1))}");
        var whole = await JsonAsync(poll, $"/v1/cameras/{PollFixture.Camera}/timeline?to=2199-01-01T00:00:00%2B08:00");

        Assert.That(
            part.GetProperty("spans").EnumerateArray().Select(s => (s.GetProperty("state").GetString(), s.GetProperty("from").GetDateTimeOffset(), s.GetProperty("to").GetDateTimeOffset())),
            Is.EqualTo(new[] { ("recorded", hole.From.AddHours(-1), hole.From), ("gap", hole.From, hole.To), ("recorded", hole.To, hole.To.AddHours(1)) }));
        Assert.That(part.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(whole.GetProperty("to").GetDateTimeOffset(), Is.EqualTo(Reports.Now), "nothing is known after the look");
        Assert.That(whole.GetProperty("lookedAt").GetDateTimeOffset(), Is.EqualTo(Reports.Now));
    }

    [Test]
    public async Task The_key_set_and_the_document_are_for_anybody_and_the_set_holds_retired_keys()
    {
        await using var poll = await PollFixture.StartAsync();
        poll.Agent.Ledger.AppendKeyRotation();
        var stranger = poll.Asker(key: null);

        var keys = JwkSet.Parse(await stranger.ReadAsync("/.well-known/jwks.json"));

        Assert.That(keys.Keys, Is.EqualTo(poll.Agent.Identity.PublicKeys.Keys).And.Length.EqualTo(2));
        Assert.That(await stranger.ReadAsync("/openapi.json"), Does.Contain("\"openapi\": \"3.1.0\""));
        Assert.That(poll.Accesses(), Is.Empty);
    }

    internal static void Fill(LedgerFixture agent)
    {
        agent.Ledger.AppendTick();
        agent.Ledger.Append(EntryTypes.Finding, LedgerFixture.Body("""{"code":"AgentDown","where":"前门"}"""));
        agent.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        agent.Ledger.AppendTick();
    }

    internal static async Task<IReadOnlyList<string>> LinesAsync(PollFixture poll, string path) =>
        (await poll.Asker().ReadAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static async Task<JsonElement> JsonAsync(PollFixture poll, string path) => JsonDocument.Parse(await poll.Asker().ReadAsync(path)).RootElement;

    static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
