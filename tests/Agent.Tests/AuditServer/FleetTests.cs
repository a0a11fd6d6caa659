using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class FleetTests(TestDatabase database)
{
    [Test]
    public async Task A_pinned_agent_that_never_spoke_is_listed_with_nothing_known()
    {
        await using var server = await RunningServer.Start(database);

        var site = Site(await server.Json("/v1/sites"), 0);

        Assert.That(site.GetProperty("site").GetString(), Is.EqualTo("HZ-0001"));
        Assert.That(site.GetProperty("agent").GetString(), Is.EqualTo("HZ-0001-a"));
        foreach (var unknown in new[] { "epoch", "seq", "time", "receivedAt", "silentSeconds", "lateSeconds", "head", "heartbeat", "receipt", "receiptJws" })
            Assert.That(site.GetProperty(unknown).ValueKind, Is.EqualTo(JsonValueKind.Null), unknown);
    }

    [Test]
    public async Task An_agent_that_only_ticked_is_shown_as_heard()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Tick());

        var site = Site(await server.Json("/v1/sites"), 0);

        Assert.That(site.GetProperty("heardAt").GetDateTimeOffset(), Is.EqualTo(server.Time.GetUtcNow()));
        Assert.That(site.GetProperty("heartbeat").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task The_newest_heartbeat_is_shown_with_its_body_as_signed()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var first = ledger.Heartbeat();
        await server.Receipted(ledger, ledger.HeartbeatOf("""{"after":3,  "cameras":[{"camera":"c1","verdict":"met","note":"前门"}]}""", between: 2));
        await server.Receipted(ledger, first);
        server.Time.Advance(TimeSpan.FromMinutes(10));

        var site = Site(await server.Json("/v1/sites"), 0);

        Assert.That(site.GetProperty("seq").GetInt64(), Is.EqualTo(6));
        Assert.That(site.GetProperty("epoch").GetGuid(), Is.EqualTo(ledger.Epoch));
        Assert.That(site.GetProperty("head").GetString(), Is.EqualTo(EntryCodec.Hash(ledger.Entries[5].Span)));
        Assert.That(site.GetProperty("time").GetDateTimeOffset(), Is.EqualTo(TestLedger.Start.AddSeconds(6)));
        Assert.That(site.GetProperty("receivedAt").GetDateTimeOffset(), Is.EqualTo(TestLedger.Start.AddMinutes(1)));
        Assert.That(site.GetProperty("silentSeconds").GetInt64(), Is.EqualTo(600));
        Assert.That(site.GetProperty("lateSeconds").GetInt64(), Is.EqualTo(54));
        Assert.That(site.GetProperty("findings").GetInt64(), Is.EqualTo(2));
        Assert.That(site.GetProperty("heartbeat").GetProperty("cameras")[0].GetProperty("note").GetString(), Is.EqualTo("前门"));
    }

    [Test]
    public async Task The_receipt_is_shown_as_it_was_signed()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var given = await server.Receipted(ledger, ledger.Heartbeat());

        var site = Site(await server.Json("/v1/sites"), 0);

        var keys = JwkSet.Parse(await server.Client.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)));
        var signed = Jws.Verify(site.GetProperty("receiptJws").GetString()!, StatementTypes.Receipt, keys.Find);
        Assert.That(signed.Fault, Is.Null);
        Assert.That(ReceiptCodec.Decode(signed.Payload), Is.EqualTo(given));
        Assert.That(site.GetProperty("receipt").GetProperty("entry").GetString(), Is.EqualTo(site.GetProperty("head").GetString()));
    }

    [Test]
    public async Task A_new_epoch_takes_over_from_the_old_one()
    {
        await using var server = await RunningServer.Start(database);
        var old = new TestLedger();
        await server.Receipted(old, old.Heartbeat(between: 9));
        var opened = new TestLedger(epoch: Guid.NewGuid());
        await server.Receipted(opened, opened.Heartbeat());

        Assert.That(Site(await server.Json("/v1/sites"), 0).GetProperty("epoch").GetGuid(), Is.EqualTo(opened.Epoch));
    }

    [Test]
    public async Task Sites_stand_in_order_and_stay_after_their_pin_is_gone()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        await server.Receipted(ledger, ledger.Heartbeat());
        server.RemoveAgentFile("one.jwk.json");
        server.Pin(site: "HZ-0000", agent: "HZ-0000-a");

        var sites = await server.Json("/v1/sites");

        Assert.That(Site(sites, 0).GetProperty("site").GetString(), Is.EqualTo("HZ-0000"));
        Assert.That(Site(sites, 1).GetProperty("site").GetString(), Is.EqualTo("HZ-0001"));
        Assert.That(Site(sites, 1).GetProperty("revoked").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Health_is_ok()
    {
        await using var server = await RunningServer.Start(database);

        Assert.That(await server.Client.GetStringAsync(new Uri("/healthz", UriKind.Relative)), Is.EqualTo("ok"));
    }

    static JsonElement Site(JsonElement sites, int index) => sites.GetProperty("sites")[index];
}
