using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

sealed class LedgerMigrationTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    readonly AgentIdentity _identity;

    public LedgerMigrationTests()
    {
        _identity = AgentIdentity.Open(_folder.Path, "HZ-0571-0001");
        LedgerVersion1.Make(_folder.Path, _identity, _time.GetUtcNow());
    }

    [Test]
    public void A_ledger_of_the_first_version_goes_on_as_if_nothing_had_happened()
    {
        using var ledger = LedgerStore.Open(_folder.Path, _identity, _time);
        Assert.That(ledger.Read.Counts, Is.EqualTo(new OutboxCounts(Pending: 1, SetAside: 0, Receipted: 1, OldestPending: 4)));

        ledger.AppendTick();
        ledger.AppendStart("0.2.0", new string('a', 64), new string('b', 64), new Dictionary<string, string> { ["k"] = "1" });

        Assert.That(ledger.Read.Check(_identity.Key.Public), Has.Property(nameof(LedgerCheck.Fault)).Null.And.Property(nameof(LedgerCheck.Entries)).EqualTo(7));
        Assert.That(ledger.Read.LastStatement, Is.EqualTo(5));
    }

    [Test]
    public void It_ends_with_the_schema_a_new_ledger_has()
    {
        using var folder = new TemporaryFolder();
        LedgerStore.Open(folder.Path, _identity, _time).Dispose();
        LedgerStore.Open(_folder.Path, _identity, _time).Dispose();

        Assert.That(Schema(_folder.Path), Is.EqualTo(Schema(folder.Path)));
    }

    [Test]
    public void What_the_first_version_forbade_stays_forbidden()
    {
        LedgerStore.Open(_folder.Path, _identity, _time).Dispose();
        using var connection = Connection(_folder.Path);

        foreach (var sql in new[]
        {
            "DELETE FROM entry WHERE seq = 1", "UPDATE entry SET hash = hash", "DELETE FROM outbox", "UPDATE outbox SET jws = 'x'",
            "UPDATE outbox SET state = 'pending', receipt = NULL WHERE seq = 2", "UPDATE meta SET agent = 'x'", "DELETE FROM meta", "UPDATE meta SET epoch = epoch",
        })
            Assert.That(() => connection.Run(sql), Throws.TypeOf<SqliteException>(), sql);
    }

    public void Dispose()
    {
        _identity.Dispose();
        _folder.Dispose();
    }

    static List<string> Schema(string directory)
    {
        using var connection = Connection(directory);
        using var command = connection.Command("SELECT type || ' ' || name || ' ' || tbl_name FROM sqlite_schema ORDER BY 1");
        using var row = command.ExecuteReader();
        var all = new List<string>();
        while (row.Read())
            all.Add(row.GetString(0));
        return all;
    }

    static SqliteConnection Connection(string directory)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(directory, LedgerReadStore.FileName)};Pooling=False");
        connection.Open();
        return connection;
    }
}
