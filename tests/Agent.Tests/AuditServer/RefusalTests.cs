using System.Text;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class RefusalTests(TestDatabase database)
{
    [Test]
    public async Task What_is_no_request_is_malformed([Values("", "{}", "[]", "{\"jws\":\"a\",\"entries\":[]}", "{\"jws\":\"a.b.c\",\"jws\":\"d\",\"entries\":[]}", "\ufffd")] string body)
    {
        await using var server = await RunningServer.Start(database);

        await Refused(server, await server.Post(Encoding.UTF8.GetBytes(body)), 400, "Malformed");
    }

    [Test]
    public async Task Another_kind_of_statement_is_malformed()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();
        using var key = TestKeys.Agent();

        await Refused(server, await server.Post(request with { Jws = Jws.Sign(ledger.Entries[^1].Span, StatementTypes.Attestation, key) }), 400, "Malformed");
        await Refused(server, await server.Post(request with { Jws = Jws.Sign("{}"u8, StatementTypes.Heartbeat, key) }), 400, "Malformed");
    }

    [Test]
    public async Task Any_changed_byte_of_the_statement_is_refused()
    {
        await using var server = await RunningServer.Start(database);
        var request = new TestLedger().Heartbeat(between: 0);

        for (var at = 0; at < request.Jws.Length; at += 7)
        {
            var changed = $"{request.Jws[..at]}{(request.Jws[at] == 'A' ? 'B' : 'A')}{request.Jws[(at + 1)..]}";
            Assert.That((await server.Post(request with { Jws = changed })).Status, Is.AnyOf(400, 401, 422));
        }

        await Refused(server, await server.Post(request with { Jws = $"{request.Jws[..^20]}{(request.Jws[^20] == 'A' ? 'B' : 'A')}{request.Jws[^19..]}" }), 422, "BadSignature");
    }

    [Test]
    public async Task Any_changed_or_missing_entry_is_a_broken_chain()
    {
        await using var server = await RunningServer.Start(database);
        var request = new TestLedger().Heartbeat(between: 3);

        foreach (var entries in new IReadOnlyList<string>[]
        {
            [], [.. request.Entries.Skip(1)], [.. request.Entries.Reverse()],
            [.. request.Entries.Select(entry => entry.Replace("boot-1", "boot-2", StringComparison.Ordinal))],
        })
            await Refused(server, await server.Post(request with { Entries = entries }), 422, "BrokenChain");
    }

    [Test]
    public async Task A_key_nobody_pinned_is_unknown_until_its_file_is_dropped_in()
    {
        await using var server = await RunningServer.Start(database, pinned: false);
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();
        await Refused(server, await server.Post(request), 401, "UnknownKey");

        server.Pin();

        await server.Receipted(ledger, request);
    }

    [Test]
    public async Task A_key_speaks_for_its_own_agent_only()
    {
        await using var server = await RunningServer.Start(database);

        await Refused(server, await server.Post(new TestLedger(agent: "HZ-0002-a").Heartbeat()), 401, "UnknownKey");
    }

    [Test]
    public async Task A_revoked_key_is_refused_while_the_server_runs_and_its_past_stays()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var first = ledger.Heartbeat();
        await server.Receipted(ledger, first);

        server.Pin(revoked: true);

        Assert.That((await server.Post(ledger.Heartbeat())).Code, Is.EqualTo("RevokedKey"));
        Assert.That((await server.Post(first)).Status, Is.EqualTo(403));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(1));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("revoked").GetBoolean(), Is.True);

        server.RemoveAgentFile("one.jwk.json");
        Assert.That((await server.Post(first)).Code, Is.EqualTo("UnknownKey"));
    }

    [Test]
    public async Task Another_story_about_the_same_number_is_equivocation_and_kept_once_as_signed()
    {
        await using var server = await RunningServer.Start(database);
        var receipt = (await server.Post(new TestLedger().Heartbeat())).Receipt;
        var other = new TestLedger().Heartbeat(version: "2");

        for (var i = 0; i < 3; i++)
        {
            var answer = await server.Post(other);
            Assert.That((answer.Status, answer.Code, answer.Receipt), Is.EqualTo((409, "Equivocation", receipt)));
        }

        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.EqualTo(1));
        Assert.That(server.Query<string>("SELECT jws FROM findings WHERE code = 'Equivocation'"), Is.EqualTo(other.Jws));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("findings").GetInt64(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_heartbeat_on_top_of_a_rewritten_past_is_a_fork()
    {
        await using var server = await RunningServer.Start(database);
        var told = new TestLedger();
        var receipt = (await server.Post(told.Heartbeat())).Receipt;
        var rewritten = new TestLedger();
        rewritten.Heartbeat(version: "2");

        var answer = await server.Post(rewritten.Heartbeat());

        Assert.That((answer.Status, answer.Code, answer.Receipt), Is.EqualTo((409, "Fork", receipt)));
        Assert.That(server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(3));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'Fork'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_past_told_later_must_fit_under_what_was_told_before()
    {
        await using var server = await RunningServer.Start(database);
        var told = new TestLedger();
        var first = told.Heartbeat();
        await server.Receipted(told, told.Heartbeat());
        var rewritten = new TestLedger().Heartbeat(version: "2");

        Assert.That((await server.Post(rewritten)).Code, Is.EqualTo("Fork"));
        await server.Receipted(told, first);
    }

    [Test]
    public async Task An_entry_delivered_between_cannot_become_another_one_later()
    {
        await using var server = await RunningServer.Start(database);
        var told = new TestLedger();
        await server.Receipted(told, told.Heartbeat(between: 5));
        var rewritten = new TestLedger();
        rewritten.Append().Append(body: """{"story":2}""");

        Assert.That((await server.Post(rewritten.Heartbeat(between: 0))).Code, Is.EqualTo("Fork"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_request_above_the_cap_is_too_large(bool chunked)
    {
        await using var server = await RunningServer.Start(database);

        await Refused(server, await server.Post(new byte[HeartbeatRequest.MaxBytes + 1], chunked: chunked), 413, "TooLarge");
    }

    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    public async Task Another_content_type_is_refused(string type)
    {
        await using var server = await RunningServer.Start(database);

        await Refused(server, await server.Post("{}"u8.ToArray(), type), 415, "WrongContentType");
        Assert.That((await server.Post("{}"u8.ToArray(), "application/json; charset=utf-8")).Code, Is.EqualTo("Malformed"));
    }

    [Test]
    public async Task Other_paths_and_methods_are_problems_too()
    {
        await using var server = await RunningServer.Start(database);
        using var wrongMethod = await server.Client.GetAsync(new Uri("/v1/heartbeats", UriKind.Relative));
        using var wrongPath = await server.Client.GetAsync(new Uri("/v2", UriKind.Relative));

        Assert.That((int)wrongMethod.StatusCode, Is.EqualTo(405));
        Assert.That((int)wrongPath.StatusCode, Is.EqualTo(404));
        Assert.That(wrongPath.Headers.Contains("Server"), Is.False);
    }

    static Task Refused(RunningServer server, RunningServer.Answer answer, int status, string code)
    {
        Assert.That((answer.Status, answer.Code), Is.EqualTo((status, code)), answer.Detail);
        Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Detail, Is.Not.Empty);
        Assert.That(answer.Receipt, Is.Null);
        foreach (var table in new[] { "chains", "entries", "statements", "findings" })
            Assert.That(server.Query<long>($"SELECT count(*) FROM {table}"), Is.Zero, table);

        return Task.CompletedTask;
    }
}
