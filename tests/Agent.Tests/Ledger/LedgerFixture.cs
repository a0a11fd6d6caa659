using System.Text;
using Agent.Evidence.Chain;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Ledger;

/// <summary>An agent's data directory with an open ledger and a clock that stands still.</summary>
sealed class LedgerFixture : IDisposable
{
    /// <summary>What has to go before anything of the evidence can be changed.</summary>
    public const string DropTriggers = "DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_never_leaves; DROP TRIGGER outbox_never_leaves; DROP TRIGGER outbox_statement_is_never_changed;";

    public LedgerFixture()
    {
        Identity = AgentIdentity.Open(Folder.Path, "HZ-0571-0001");
        Ledger = Open();
    }

    public TemporaryFolder Folder { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    public AgentIdentity Identity { get; }

    public LedgerStore Ledger { get; private set; }

    public string DatabaseFile => Path.Combine(Folder.Path, LedgerReadStore.FileName);

    public static ReadOnlyMemory<byte> Body(string json = "{}") => Encoding.UTF8.GetBytes(json);

    public static ReadOnlyMemory<byte> Heartbeat(long after) => Body($$"""{"after":{{after}}}""");

    public LedgerStore Open() => LedgerStore.Open(Folder.Path, Identity, Time);

    public List<LedgerEntry> Entries() =>
        [.. Ledger.Read.EntriesBetween(Ledger.Read.Head.Epoch, 0, long.MaxValue).Select(EntryCodec.Decode)];

    /// <summary>Changes the closed database as somebody with administrator's rights would.</summary>
    public void Tamper(string sql)
    {
        Ledger.Dispose();
        using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Reopen()
    {
        Ledger.Dispose();
        Ledger = Open();
    }

    public void Dispose()
    {
        Ledger.Dispose();
        Identity.Dispose();
        Folder.Dispose();
    }
}
