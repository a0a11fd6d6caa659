using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using AuditServer.Intake;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>What only comparing with earlier statements can tell: ticks, echoed receipts, cameras, keys, asks.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class ContinuityTests(TestDatabase database)
{
    [Test]
    public async Task A_tick_is_receipted_and_not_judged_and_carries_the_chain_on()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var beat = await server.Receipted(ledger, ledger.Heartbeat());

        var tick = await server.Receipted(ledger, ledger.Tick());
        var next = await server.Receipted(ledger, ledger.Heartbeat());

        Assert.That((tick.Seq, tick.Previous, tick.Judged, tick.Findings.Length), Is.EqualTo((4L, beat.Entry, ServerJudgement.NotJudged, 0)));
        Assert.That(next.Previous, Is.EqualTo(tick.Entry));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements WHERE kind = 'tick'"), Is.EqualTo(1));
        Assert.That((await server.Json("/v1/sites")).GetProperty("sites")[0].GetProperty("seq").GetInt64(), Is.EqualTo(next.Seq));
    }

    [Test]
    public async Task A_late_tick_and_one_of_another_site_are_findings()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger { Now = server.Time.GetUtcNow() - TimeSpan.FromHours(3) };

        var receipt = await server.Receipted(ledger, ledger.Tick(site: "HZ-0009"));

        Assert.That(receipt.Findings.Select(finding => finding.Code), Is.EqualTo(new[] { "Late", "SiteDiffers" }));
    }

    [Test]
    public async Task An_echoed_receipt_must_be_one_that_was_given_to_this_agent()
    {
        await using var server = await RunningServer.Start(database);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server.Pin(agent: "HZ-0002-a", site: "HZ-0002", name: "two", key: otherKey);
        var ledger = new TestLedger();
        var other = new TestLedger(agent: "HZ-0002-a") { Signer = () => ECDsa.Create(otherKey.ExportParameters(includePrivateParameters: true)) };
        var given = HashOf((await server.Post(ledger.Heartbeat())).Receipt!);
        var foreign = HashOf((await server.Post(other.Tick(site: "HZ-0002"))).Receipt!);

        Assert.That((await server.Receipted(ledger, ledger.Tick(given))).Findings, Is.Empty);
        Assert.That((await server.Receipted(ledger, ledger.Tick(given))).Findings, Is.Empty);
        Assert.That((await server.Receipted(ledger, ledger.Tick(foreign))).Findings.Single().Code, Is.EqualTo("UnknownReceipt"));
        Assert.That((await server.Receipted(ledger, ledger.Tick(new string('a', 64)))).Findings.Single().Code, Is.EqualTo("UnknownReceipt"));
    }

    [Test]
    public async Task A_camera_that_is_no_longer_spoken_of_is_missed_once_across_ticks_and_epochs()
    {
        await using var server = await RunningServer.Start(database);
        server.Time.SetUtcNow(TestHeartbeats.AsOf.AddSeconds(30));
        var ledger = new TestLedger { Now = TestHeartbeats.AsOf };
        await server.Receipted(ledger, ledger.Heartbeat(cameras: [TestHeartbeats.Camera("c-1"), TestHeartbeats.Camera("c-2")]));
        await server.Receipted(ledger, ledger.Tick());

        var without = await server.Receipted(ledger, ledger.Heartbeat(cameras: [TestHeartbeats.Camera("c-1")]));
        var again = await server.Receipted(ledger, ledger.Heartbeat(cameras: [TestHeartbeats.Camera("c-1")]));
        var opened = new TestLedger(epoch: Guid.NewGuid()) { Now = TestHeartbeats.AsOf };
        await server.Receipted(opened, opened.Tick());
        var elsewhere = await server.Receipted(opened, opened.Heartbeat(cameras: [TestHeartbeats.Camera("c-3")]));

        Assert.That(without.Findings.Single().Message, Does.Contain("c-2 (video)"));
        Assert.That(again.Findings, Is.Empty);
        Assert.That(elsewhere.Findings.Single().Message, Does.Contain("c-1 (video)"));
    }

    [Test]
    public async Task A_rotated_key_speaks_and_the_old_one_no_longer_does()
    {
        await using var server = await RunningServer.Start(database);
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ledger = new TestLedger();
        var first = ledger.Tick();
        await server.Receipted(ledger, first);
        var old = ledger.Signer;

        var rotating = ledger.Rotate(next).Tick();
        await server.Receipted(ledger, rotating);
        await server.Receipted(ledger, ledger.Tick());
        await server.Restart();
        await server.Receipted(ledger, ledger.Rotate(third).Tick());
        await server.Receipted(ledger, rotating);
        await server.Receipted(ledger, first);

        var opened = new TestLedger(epoch: Guid.NewGuid()) { Signer = ledger.Signer };
        Assert.That((await server.Receipted(opened, opened.Tick())).Findings.Single().Code, Is.EqualTo("NewEpoch"));
        ledger.Signer = old;
        var stale = await server.Post(ledger.Tick());
        Assert.That((stale.Status, stale.Code), Is.EqualTo((403, "StaleKey")));
        Assert.That((await server.Post(new TestLedger(epoch: Guid.NewGuid()).Tick())).Code, Is.EqualTo("StaleKey"));
        Assert.That(server.Query<long>("SELECT count(*) FROM agent_keys"), Is.EqualTo(2));
        server.Pin(revoked: true);
        Assert.That((await server.Post(opened.Tick())).Code, Is.EqualTo("RevokedKey"));
    }

    [Test]
    public async Task A_key_gives_its_word_once()
    {
        await using var server = await RunningServer.Start(database);
        using var one = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var two = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Rotate(one).Tick());
        var other = new TestLedger(epoch: Guid.NewGuid());

        Assert.That((await server.Post(other.Rotate(two).Tick())).Code, Is.EqualTo("StaleKey"));
        Assert.That((await server.Post(other.Tick())).Code, Is.EqualTo("UnknownKey"));
        Assert.That(server.Query<long>("SELECT count(*) FROM chains"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_asked_goes_out_with_the_next_receipt_and_with_no_other()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var ask = new NextAsk("n-1", server.Time.GetUtcNow().AddMinutes(10));
        var before = ledger.Tick();
        await server.Receipted(ledger, before);
        server.Service<EvidenceStore>().Ask("HZ-0001-a", ask);
        server.Service<EvidenceStore>().Ask("HZ-0001-a", ask);
        server.Service<EvidenceStore>().Ask("HZ-0009-a", new NextAsk("n-2", ask.Due));

        var asking = ledger.Tick();

        Assert.That((await server.Receipted(ledger, before)).Asks, Is.Empty);
        Assert.That((await server.Receipted(ledger, asking)).Asks, Is.EqualTo(new Ask[] { ask }));
        Assert.That((await server.Receipted(ledger, asking)).Asks, Is.EqualTo(new Ask[] { ask }));
        Assert.That((await server.Receipted(ledger, ledger.Tick())).Asks, Is.Empty);
    }

    static string HashOf(string jws) => EntryCodec.Hash(Encoding.ASCII.GetBytes(jws));
}
