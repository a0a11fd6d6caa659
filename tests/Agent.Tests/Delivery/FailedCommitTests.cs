using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.AuditServer;
using Agent.Tests.Ledger;
using AuditServer.Databases;
using AuditServer.Intake;
using AuditServer.Sites;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>
/// The audit server cannot commit: nobody gets a receipt, the agent keeps what it had to say, and the same bytes later get one receipt.
/// Both sides as they are shipped; it is the database that refuses.
/// </summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
sealed class FailedCommitTests(TestDatabase database)
{
    readonly LedgerFixture _fixture = new();
    RunningServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await RunningServer.Start(database, pinned: false);
        _server.ErrorsExpected = true;
        using var key = _fixture.Identity.Key.Public.ToKey();
        _server.Pin(_fixture.Identity.Agent, _fixture.Identity.Site, key: key);
        _fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        await DrainAsync();
        _fixture.Ledger.Append("note", LedgerFixture.Body($$"""{"x":"{{new string('x', 100_000)}}"}"""));
        _fixture.Ledger.AppendTick();
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Test]
    public async Task A_commit_that_the_database_refuses_gives_no_receipt_and_the_same_bytes_one_later()
    {
        RefuseCommits("RAISE EXCEPTION 'no commit today'");
        await AssertKeptAsync();

        HealCommits();

        await AssertReceiptedOnceAsync();
    }

    [Test]
    public async Task A_database_session_that_is_killed_within_the_commit_gives_no_receipt()
    {
        RequirePostgres();
        RefuseCommits("PERFORM pg_terminate_backend(pg_backend_pid())");
        await AssertKeptAsync();

        HealCommits();

        await AssertReceiptedOnceAsync();
    }

    [Test]
    public async Task Database_sessions_that_were_killed_while_they_waited_cost_one_try()
    {
        RequirePostgres();
        _server.Run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'retention-audit-server' AND datname = current_database()");
        var first = await DrainAsync();
        Assert.That(first.Receipted + first.Pending, Is.EqualTo(1));

        await AssertReceiptedOnceAsync(first.Receipted);
    }

    [Test]
    public async Task A_disk_without_room_gives_no_receipt_and_the_same_bytes_one_when_there_is_room()
    {
        if (database != TestDatabase.Sqlite)
            Assert.Ignore("A disk of its own only SQLite has here.");
        using var cramped = new CrampedDatabase(new SqliteStore(Path.Combine(_server.Data, "evidence.db"))) { IsFull = true };
        await using var writer = new EvidenceWriter(cramped, Serilog.Core.Logger.None);
        var intake = new HeartbeatIntake(
            _server.Service<BelievedKeys>(), _server.Service<HeartbeatJudge>(), _server.Service<Acceptance>(), writer, _server.Time, Serilog.Core.Logger.None);
        var statement = StatementStore.Pending(_fixture.Ledger.Read, 1).Single().Encode();

        var refused = await intake.TakeAsync(statement, CancellationToken.None);
        Assert.That((refused.Receipt, refused.Refusal?.Code), Is.EqualTo(((string?)null, (RefusalCode?)RefusalCode.NotStored)));
        Assert.That(Statements, Is.EqualTo(1));

        cramped.IsFull = false;
        var taken = await intake.TakeAsync(statement, CancellationToken.None);
        Assert.That(taken.Refusal, Is.Null);
        var posted = await _server.Post(statement);
        Assert.That((posted.Receipt, Statements), Is.EqualTo((taken.Receipt, 2)));
    }

    async Task AssertKeptAsync()
    {
        for (var tries = 0; tries < 2; tries++)
        {
            var report = await DrainAsync();
            Assert.That((report.Receipted, report.Pending, report.SetAside, report.LastFailure), Is.EqualTo((0, 1L, 0, "NotStored")));
        }

        Assert.That(Statements, Is.EqualTo(1), "nothing of it is there");
        Assert.That(_server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(2));
    }

    async Task AssertReceiptedOnceAsync(int before = 0)
    {
        var statement = StatementStore.After(_fixture.Ledger.Read, _fixture.Ledger.Read.Head.Epoch, 2).First().Request;
        var report = await DrainAsync();
        Assert.That((report.Receipted + before, _fixture.Ledger.Read.Counts.Pending), Is.EqualTo((1, 0L)));
        var again = await _server.Post(statement);
        Assert.That((again.Status, again.Receipt), Is.EqualTo((200, StatementStore.Find(_fixture.Ledger.Read, _fixture.Ledger.Read.Head.Epoch, _fixture.Ledger.Read.LastStatement)!.Value.Receipt)));
        Assert.That(Statements, Is.EqualTo(2));
    }

    async Task<DeliveryReport> DrainAsync()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(_server.KeyFile));
        var options = new UpstreamOptions { FirstPause = TimeSpan.FromMilliseconds(1), Tries = 1 };
        using var client = new UpstreamClient(_server.Client.BaseAddress!, new UpstreamResilience(options, TimeProvider.System), TimeProvider.System);
        using var outbox = new Outbox(_fixture.Ledger, client, ReceiptKeys.Of(new JwkSet([Jwk.FromKey(key)])), _fixture.Time);
        return await outbox.DrainAsync(CancellationToken.None);
    }

    // Not the insert but the commit fails: what is checked only then does not hold.
    void RefuseCommits(string how)
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
            _server.Run(sql);
    }

    void HealCommits() => _server.Run(database == TestDatabase.Sqlite ? "DROP TRIGGER failing" : "DROP TRIGGER failing ON statements");

    void RequirePostgres()
    {
        if (database != TestDatabase.Postgres)
            Assert.Ignore("SQLite has no sessions to kill.");
    }

    long Statements => _server.Query<long>("SELECT count(*) FROM statements");
}
