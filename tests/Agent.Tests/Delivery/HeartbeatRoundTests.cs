using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

sealed class HeartbeatRoundTests
{
    [Test]
    public async Task A_round_makes_a_heartbeat_and_brings_it_there()
    {
        using var fixture = new LedgerFixture();
        await using var server = await ScriptedAuditServer.StartAsync(fixture.Identity.Key.Public, TimeProvider.System);
        using var client = new UpstreamClient(server.Url, new UpstreamResilience(new UpstreamOptions(), TimeProvider.System), TimeProvider.System);
        using var outbox = new Outbox(fixture.Ledger, client, ReceiptKeys.Of(server.Keys), fixture.Time);
        var round = new HeartbeatRound(fixture.Ledger, outbox, LedgerFixture.Heartbeat, new DeliveryWords(NullLogger.Instance, fixture.Time));
        Assert.That(round.Latest, Is.Null);

        var first = await round.RunAsync(CancellationToken.None);
        await round.RunAsync(CancellationToken.None);

        Assert.That(first!.Receipted, Is.EqualTo(1));
        Assert.That(round.Latest!.Pending, Is.Zero);
        Assert.That(fixture.Entries().Select(entry => entry.Type), Is.EqualTo(new[] { "heartbeat", "receipt", "heartbeat", "receipt" }));
        Assert.That(server.Faults, Is.Empty);
    }

    [Test]
    public async Task With_a_dead_network_heartbeats_are_made_all_the_same()
    {
        using var fixture = new LedgerFixture();
        var server = await ScriptedAuditServer.StartAsync(fixture.Identity.Key.Public, TimeProvider.System);
        var (url, keys) = (server.Url, server.Keys);
        await server.DisposeAsync();
        using var client = new UpstreamClient(url, new UpstreamResilience(new UpstreamOptions { Tries = 1 }, TimeProvider.System), TimeProvider.System);
        using var outbox = new Outbox(fixture.Ledger, client, ReceiptKeys.Of(keys), fixture.Time);
        var round = new HeartbeatRound(fixture.Ledger, outbox, LedgerFixture.Heartbeat, new DeliveryWords(NullLogger.Instance, fixture.Time));

        for (var i = 0; i < 3; i++)
            await round.RunAsync(CancellationToken.None);

        Assert.That(round.Latest, Has.Property(nameof(DeliveryReport.Pending)).EqualTo(3));
        Assert.That(ChainVerifier.FirstFault(fixture.Ledger.Read.EntriesBetween(fixture.Ledger.Read.Head.Epoch, 0, 99), ChainStart.OfEpoch), Is.Null);
    }
}
