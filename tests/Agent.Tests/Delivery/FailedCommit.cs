using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.AuditServer;
using Agent.Tests.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>
/// The audit server cannot commit: nobody gets a receipt, the agent keeps what it had to say, and the same bytes later get one receipt.
/// Both sides as they are shipped; it is the database that refuses.
/// </summary>
abstract class FailedCommit(TestDatabase database)
{
    protected LedgerFixture Fixture { get; } = new();

    protected RunningServer Server { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Server = await RunningServer.Start(database, pinned: false);
        Server.ErrorsExpected = true;
        using var key = Fixture.Identity.Key.Public.ToKey();
        Server.Pin(Fixture.Identity.Agent, Fixture.Identity.Site, key: key);
        Fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        Fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        await DrainAsync();
        Fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"x":"{{new string('x', 100_000)}}"}"""));
        Fixture.Ledger.AppendTick();
    }

    [TearDown]
    public async Task Stop()
    {
        await Server.DisposeAsync();
        Fixture.Dispose();
    }

    protected async Task AssertKeptAsync()
    {
        for (var tries = 0; tries < 2; tries++)
        {
            var report = await DrainAsync();
            Assert.That((report.Receipted, report.Pending, report.SetAside, report.LastFailure), Is.EqualTo((0, 1L, 0, "NotStored")));
        }

        Assert.That(Statements, Is.EqualTo(1), "nothing of it is there");
        Assert.That(Server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(2));
    }

    protected async Task AssertReceiptedOnceAsync(int before = 0)
    {
        var statement = StatementStore.After(Fixture.Ledger.Read, Fixture.Ledger.Read.Head.Epoch, 2).First().Request;
        var report = await DrainAsync();
        Assert.That((report.Receipted + before, Fixture.Ledger.Read.Counts.Pending), Is.EqualTo((1, 0L)));
        var again = await Server.Post(statement);
        Assert.That((again.Status, again.Receipt), Is.EqualTo((200, StatementStore.Find(Fixture.Ledger.Read, Fixture.Ledger.Read.Head.Epoch, Fixture.Ledger.Read.LastStatement)!.Value.Receipt)));
        Assert.That(Statements, Is.EqualTo(2));
    }

    protected async Task<DeliveryReport> DrainAsync()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Server.KeyFile));
        var options = new UpstreamOptions { FirstPause = TimeSpan.FromMilliseconds(1), Tries = 1 };
        using var client = new UpstreamClient(Server.Client.BaseAddress!, new UpstreamResilience(options, TimeProvider.System), TimeProvider.System);
        using var outbox = new Outbox(Fixture.Ledger, client, ReceiptKeys.Of(new JwkSet([Jwk.FromKey(key)])), Fixture.Time);
        return await outbox.DrainAsync(CancellationToken.None);
    }

    // Not the insert but the commit fails: what is checked only then does not hold.
    protected void RefuseCommits(string how)
    {
        foreach (var sql in database == TestDatabase.Sqlite
            ? new[]
            {
                "CREATE TABLE never (id INTEGER PRIMARY KEY)",
                "CREATE TABLE refusing (id INTEGER REFERENCES never (id) DEFERRABLE INITIALLY DEFERRED)",
                "CREATE TRIGGER failing AFTER INSERT ON statements BEGIN INSERT INTO refusing VALUES (1); END",
            }
            :
            [
                $"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {how}; RETURN NULL; END $$",
                "CREATE CONSTRAINT TRIGGER failing AFTER INSERT ON statements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
            ])
            Server.Run(sql);
    }

    protected void HealCommits() => Server.Run(database == TestDatabase.Sqlite ? "DROP TRIGGER failing" : "DROP TRIGGER failing ON statements");

    protected long Statements => Server.Query<long>("SELECT count(*) FROM statements");
}
