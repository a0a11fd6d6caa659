using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using AuditServer.Intake;
using AuditServer.Polling;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>What the server notices and shows by itself: silence, fresh attestations, its own verdicts, the history of a site.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class WatchingTests(TestDatabase database)
{
    [Test]
    public async Task Silence_is_a_finding_once_and_is_closed_by_the_next_statement()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());

        await Advance(server, TimeSpan.FromMinutes(19));
        Assert.That(Site(await server.Json("/v1/sites")).GetProperty("missedSince").ValueKind, Is.EqualTo(JsonValueKind.Null));
        await Advance(server, TimeSpan.FromMinutes(3));
        await Until(() => server.Query<long>("SELECT count(*) FROM findings WHERE code = 'MissingHeartbeat' AND closed IS NULL") == 1);
        await Advance(server, TimeSpan.FromHours(3));
        Assert.That(Site(await server.Json("/v1/sites")).GetProperty("missedSince").GetDateTimeOffset(), Is.EqualTo(TestLedger.Start.AddMinutes(1)));
        ledger.Now = server.Time.GetUtcNow();
        await server.Receipted(ledger, ledger.Tick());

        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code = 'MissingHeartbeat'"), Is.EqualTo(1));
        var site = Site(await server.Json("/v1/sites"));
        Assert.That(site.GetProperty("missedSince").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(site.GetProperty("expectedBy").GetDateTimeOffset(), Is.EqualTo(server.Time.GetUtcNow().AddMinutes(20)));
        var finding = (await server.Json("/v1/sites/HZ-0001")).GetProperty("findings")[0];
        Assert.That(finding.GetProperty("closedAt").GetDateTimeOffset(), Is.EqualTo(server.Time.GetUtcNow()));
    }

    [Test]
    public async Task Ticks_without_evidence_are_a_finding_once_and_it_is_over_with_the_next_heartbeat()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());

        await Tick(74);
        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.Zero, "an hour and the grace are not over");
        await Tick(15);
        await Until(() => Open() == 1);
        await Tick(90);
        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.EqualTo(1));
        ledger.Now = server.Time.GetUtcNow();
        await server.Receipted(ledger, ledger.Heartbeat());
        await Advance(server, TimeSpan.FromMinutes(2));

        await Until(() => Open() == 0);
        Assert.That(server.Query<string>("SELECT code FROM findings"), Is.EqualTo("EvidenceMissing"));

        long Open() => server.Query<long>("SELECT count(*) FROM findings WHERE code = 'EvidenceMissing' AND closed IS NULL");

        async Task Tick(int minutes)
        {
            for (var passed = 0; passed < minutes; passed++)
            {
                await Advance(server, TimeSpan.FromMinutes(1));
                if (passed % 5 != 0)
                    continue;
                ledger.Now = server.Time.GetUtcNow();
                await server.Receipted(ledger, ledger.Tick());
            }
        }
    }

    [Test]
    public async Task An_attestation_is_taken_when_it_is_fresh_and_answers_an_ask_once()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var nonce = new string('A', 22);
        server.Service<EvidenceStore>().Ask("HZ-0001-a", new AttestAsk("a-1", nonce));
        Assert.That((await Attest(server, nonce)).Code, Is.EqualTo("UnknownNonce"));
        await server.Receipted(ledger, ledger.Tick());

        Assert.That((await Attest(server, nonce)).Status, Is.EqualTo(200));
        Assert.That((await Attest(server, null)).Status, Is.EqualTo(200));
        var replayed = await Attest(server, nonce);
        Assert.That((replayed.Status, replayed.Code), Is.EqualTo((409, "ReplayedNonce")));
        Assert.That((await Attest(server, null, age: TimeSpan.FromSeconds(70))).Code, Is.EqualTo("NotFresh"));
        Assert.That((await Attest(server, null, age: TimeSpan.FromSeconds(-10))).Code, Is.EqualTo("NotFresh"));
        Assert.That((await Attest(server, null, agent: "HZ-0002-a")).Code, Is.EqualTo("UnknownKey"));
        Assert.That((await server.Post("{}"u8.ToArray(), path: "/v1/attestations")).Code, Is.EqualTo("Malformed"));
        Assert.That(Site(await server.Json("/v1/sites")).GetProperty("attestedAt").GetDateTimeOffset(), Is.EqualTo(server.Time.GetUtcNow()));
        Assert.That(server.Query<long>("SELECT count(*) FROM attestations"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_question_for_an_attestation_that_was_not_answered_goes_out_again_when_the_agent_was_heard_since()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var ask = new AttestAsk("a-1", new string('A', 22));
        server.Service<EvidenceStore>().Ask("HZ-0001-a", ask);
        Assert.That(await TickAsync(TimeSpan.Zero), Has.Member(ask));
        Assert.That(await TickAsync(TimeSpan.FromMinutes(10)), Has.None.EqualTo(ask), "the answer may be on its way");
        Assert.That(await TickAsync(TimeSpan.FromMinutes(55)), Has.Member(ask));
        Assert.That((await Attest(server, ask.Nonce)).Status, Is.EqualTo(200));
        Assert.That(await TickAsync(TimeSpan.FromMinutes(10)), Has.None.EqualTo(ask));
        Assert.That(await TickAsync(TimeSpan.FromHours(2)), Has.None.EqualTo(ask), "answered");

        async Task<Ask[]> TickAsync(TimeSpan after)
        {
            server.Time.Advance(after);
            await server.Service<IEnumerable<IHostedService>>().OfType<AttestWatch>().Single().LookNowAsync(CancellationToken.None);
            ledger.Now = server.Time.GetUtcNow();
            return [.. (await server.Receipted(ledger, ledger.Tick())).Asks];
        }
    }

    [Test]
    public async Task The_servers_own_verdict_stands_beside_the_claimed_one()
    {
        await using var server = await RunningServer.Start(
            database, policy: """{"dailyLossSeconds":36000,"sites":{"HZ-0001":{"requiredDays":7,"cameras":{"c-2":90}}}}""");
        server.Time.SetUtcNow(TestHeartbeats.AsOf.AddSeconds(30));
        var ledger = new TestLedger { Now = TestHeartbeats.AsOf };

        var receipt = await server.Receipted(ledger, ledger.Heartbeat(cameras:
            [TestHeartbeats.Camera("c-1", gaps: (5 * 86400, 4.8 * 86400)), TestHeartbeats.Camera("c-2")]));

        Assert.That(receipt.Judged, Is.EqualTo(ServerJudgement.Agrees));
        var verdicts = Site(await server.Json("/v1/sites")).GetProperty("verdicts").EnumerateArray().ToList();
        Assert.That(verdicts.Select(v => (v.GetProperty("claimed").GetString(), v.GetProperty("days").GetInt32(), v.GetProperty("own").GetString())), Is.EqualTo(new[]
        {
            ("breached", 7, "met"), ("met", 90, "undetermined"),
        }));
    }

    [Test]
    public async Task The_history_of_a_site_is_read_page_by_page_newest_first()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        for (var i = 0; i < 5; i++)
            await server.Receipted(ledger, i == 2 ? ledger.Heartbeat() : ledger.Tick());

        var first = await server.Json("/v1/sites/HZ-0001?count=3");
        var second = await server.Json($"/v1/sites/HZ-0001?count=3&before={first.GetProperty("next").GetString()}");

        Assert.That(Seqs(first).Concat(Seqs(second)), Is.EqualTo(new[] { 7L, 6, 5, 2, 1 }));
        Assert.That(second.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(first.GetProperty("statements")[0].GetProperty("receipt").GetProperty("seq").GetInt64(), Is.EqualTo(7));
        foreach (var (path, status) in new[] { ("HZ-0009", 404), ("HZ-0001?before=x", 400), ("HZ-0001?count=0", 400) })
        {
            using var response = await server.Client.GetAsync(new Uri($"/v1/sites/{path}", UriKind.Relative));
            Assert.That((int)response.StatusCode, Is.EqualTo(status), path);
        }
    }

    static IEnumerable<long> Seqs(JsonElement page) => page.GetProperty("statements").EnumerateArray().Select(s => s.GetProperty("seq").GetInt64());

    static JsonElement Site(JsonElement sites) => sites.GetProperty("sites")[0];

    static Task<RunningServer.Answer> Attest(RunningServer server, string? nonce, TimeSpan age = default, string agent = "HZ-0001-a")
    {
        using var key = TestKeys.Agent();
        var payload = AttestationCodec.Encode(new Attestation
        {
            Site = "HZ-0001",
            Agent = agent,
            Epoch = Guid.NewGuid(),
            Seq = 1,
            Head = EntryCodec.NoPrevious,
            IssuedAt = server.Time.GetUtcNow() - age,
            Nonce = nonce,
            Boot = "boot-1",
            MonotonicMilliseconds = 1,
            Pending = 0,
            OldestPending = null,
            Receipt = null,
            AsOf = null,
            Cameras = [],
        });
        return server.Post(Encoding.UTF8.GetBytes($$"""{"attestation":"{{Jws.Sign(payload, StatementTypes.Attestation, key)}}"}"""), path: "/v1/attestations");
    }

    // The watch sleeps on the same clock: a minute at a time, so that it wakes as often as it would.
    static async Task Advance(RunningServer server, TimeSpan by)
    {
        for (var minute = 0; minute < by.TotalMinutes; minute++)
        {
            server.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds())
            await Task.Delay(20, patience.Token);
    }
}
