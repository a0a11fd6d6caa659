using System.Net;
using System.Security.Cryptography;
using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Tests.AuditServer;
using Agent.Tests.Ledger;
using global::AuditServer.Intake;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>Both sides as they are shipped, on a loopback port.</summary>
sealed class RealAuditServerTests
{
    readonly LedgerFixture _fixture = new();
    RunningServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await RunningServer.Start(TestDatabase.Sqlite, pinned: false);

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Test]
    public async Task The_pin_file_carried_to_the_server_is_all_it_takes()
    {
        _fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _fixture.Ledger.Append("note", LedgerFixture.Body("""{"名":"前门"}"""));
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var before = await DrainAsync();
        _server.WriteAgentFile("site.jwk.json", await File.ReadAllTextAsync(Path.Combine(_fixture.Folder.Path, AgentIdentity.PinFile)));
        var after = await DrainAsync();

        Assert.That((before.LastFailure, before.Pending), Is.EqualTo(("UnknownKey", 2)));
        Assert.That((after.LastFailure, after.Receipted, after.Pending), Is.EqualTo(((string?)null, 2, 0)));
    }

    [Test]
    public async Task Receipts_travel_back_in_the_next_heartbeat_and_hold()
    {
        Enrol();
        for (var i = 0; i < 5; i++)
        {
            _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
        }

        Assert.That(_fixture.Entries().Count(entry => entry.Type == "receipt"), Is.EqualTo(5));
        Assert.That(_fixture.Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public async Task A_ledger_put_back_from_a_backup_is_noticed_and_goes_on_in_a_new_epoch()
    {
        var epoch = await PutBackAnOlderLedger(withWitness: false);

        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var report = await DrainAsync();

        Assert.That(_fixture.Ledger.Read.Head.Epoch, Is.Not.EqualTo(epoch));
        Assert.That((report.LastFailure, report.Pending), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task Where_everything_was_put_back_the_audit_servers_own_receipt_proves_it()
    {
        var epoch = await PutBackAnOlderLedger(withWitness: true);
        Assert.That(_fixture.Ledger.Read.Head.Epoch, Is.EqualTo(epoch), "nothing on this machine shows it");

        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        using var sender = await SenderOf();
        var refused = await sender.Outbox.DrainAsync(CancellationToken.None);
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var accepted = await sender.Outbox.DrainAsync(CancellationToken.None);
        _fixture.Time.Advance(FirstRefusals.Wait);
        var again = await sender.Outbox.DrainAsync(CancellationToken.None);

        Assert.That((refused.SetAside, refused.LastFailure), Is.EqualTo((0, "Equivocation")).Or.EqualTo((0, "Fork")));
        Assert.That(_fixture.Ledger.Read.Head.Epoch, Is.Not.EqualTo(epoch));
        Assert.That(_fixture.Entries()[0].Type, Is.EqualTo(EntryTypes.Gap));
        Assert.That((accepted.Receipted, accepted.LastFailure, accepted.Pending), Is.EqualTo((1, (string?)null, 1)), "the refused one holds up nothing");
        Assert.That((again.SetAside, again.LastFailure, again.Pending), Is.EqualTo((1, refused.LastFailure, 0)));
    }

    [Test]
    public void Both_sides_mean_the_same_refusals()
    {
        RefusalCode[] final = [RefusalCode.Malformed, RefusalCode.Equivocation, RefusalCode.Fork, RefusalCode.TooLarge, RefusalCode.BadSignature, RefusalCode.BrokenChain];
        RefusalCode[] ofKeys = [RefusalCode.RevokedKey, RefusalCode.StaleKey];

        Assert.That(Enum.GetValues<RefusalCode>().Where(code => FinalRefusals.Includes(StatusOf(code), code.ToString())), Is.EquivalentTo(final));
        Assert.That(Enum.GetValues<RefusalCode>().Where(code => FinalRefusals.IsOfKey(StatusOf(code), code.ToString())), Is.EquivalentTo(ofKeys));

        static HttpStatusCode StatusOf(RefusalCode code) => (HttpStatusCode)new Refusal(code, "").Status;
    }

    // The audit server holds two heartbeats; the ledger is put back to where it had made one, and has gone another way since.
    async Task<Guid> PutBackAnOlderLedger(bool withWitness)
    {
        Enrol();
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        var backup = Path.Combine(_fixture.Folder.Path, "backup");
        var witness = Path.Combine(_fixture.Folder.Path, "ledger.head");
        _fixture.Tamper($"VACUUM INTO '{backup}'");
        File.Copy(witness, $"{witness}.old");
        _fixture.Reopen();
        await DrainAsync();
        _fixture.Ledger.Append("note", LedgerFixture.Body());
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        await DrainAsync();
        var epoch = _fixture.Ledger.Read.Head.Epoch;

        _fixture.Ledger.Dispose();
        File.Copy(backup, _fixture.DatabaseFile, overwrite: true);
        if (withWitness)
            File.Copy($"{witness}.old", witness, overwrite: true);
        _fixture.Reopen();
        await DrainAsync();
        _fixture.Ledger.Append("other", LedgerFixture.Body());
        return epoch;
    }

    void Enrol()
    {
        using var key = _fixture.Identity.Key.Public.ToKey();
        _server.Pin(_fixture.Identity.Agent, _fixture.Identity.Site, key: key);
    }

    async Task<DeliveryReport> DrainAsync()
    {
        using var sender = await SenderOf();
        return await sender.Outbox.DrainAsync(CancellationToken.None);
    }

    async Task<Sender> SenderOf()
    {
        using var own = ECDsa.Create();
        own.ImportFromPem(await File.ReadAllTextAsync(_server.KeyFile));
        var client = new UpstreamClient(
            _server.Client.BaseAddress!, new UpstreamResilience(new UpstreamOptions { Tries = 1 }, TimeProvider.System), TimeProvider.System);
        return new Sender(client, new Outbox(_fixture.Ledger, client, ReceiptKeys.Of(new JwkSet([Jwk.FromKey(own)])), _fixture.Time));
    }

    sealed record Sender(UpstreamClient Client, Outbox Outbox) : IDisposable
    {
        public void Dispose()
        {
            Outbox.Dispose();
            Client.Dispose();
        }
    }
}
