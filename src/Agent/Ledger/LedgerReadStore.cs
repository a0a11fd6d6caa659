using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// Reads the ledger of a data directory. Needs no key and no turn: each call sees the ledger as it was committed when the call began,
/// whoever is writing, in this process or another.
/// </summary>
sealed class LedgerReadStore : IDisposable
{
    public const string FileName = "ledger.db";

    readonly string _connection;

    /// <exception cref="LedgerRefusedException">There is no ledger in the directory, or one of a newer version.</exception>
    /// <exception cref="LedgerDamagedException">The file is no database.</exception>
    public LedgerReadStore(string directory)
    {
        File = Path.Combine(directory, FileName);
        if (!System.IO.File.Exists(File))
            throw new LedgerRefusedException(File, "there is no ledger here");

        _connection = new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly }.ToString();
        RefuseUnknown();
    }

    /// <summary>The path of the database.</summary>
    public string File { get; }

    /// <summary>The agent whose ledger this is.</summary>
    public string Agent
    {
        get
        {
            using var connection = Open();
            return (string)connection.Value("SELECT agent FROM meta")!;
        }
    }

    /// <summary>The agent that the newest entry names; null when there is none that can be read.</summary>
    public string? NewestAgent
    {
        get
        {
            using var connection = Open();
            return connection.Value("SELECT bytes FROM entry ORDER BY position DESC LIMIT 1") is byte[] bytes ? StoredEntry.Decode(bytes).Agent : null;
        }
    }

    public LedgerHead Head
    {
        get
        {
            using var connection = Open();
            return HeadOf(connection);
        }
    }

    /// <summary>Seq of the newest statement (heartbeat or tick) of the epoch; 0 when there is none.</summary>
    public long LastStatement
    {
        get
        {
            using var connection = Open();
            return OutboxStore.LastStatement(connection);
        }
    }

    /// <summary>The newest change of the signing key; null when there is none. Looks backwards through the ledger.</summary>
    public LedgerEntry? NewestKeyRotation
    {
        get
        {
            using var connection = Open();
            return KeyRotationsOf(connection, newestFirst: true).Select(found => found.Entry).FirstOrDefault();
        }
    }

    /// <summary>When the first entry was written; null when there is none.</summary>
    public DateTimeOffset? Began
    {
        get
        {
            using var connection = Open();
            return connection.Value("SELECT bytes FROM entry ORDER BY position LIMIT 1") is byte[] bytes ? StoredEntry.Decode(bytes).Time : null;
        }
    }

    /// <summary>The newest receipt of the audit server, the JWS as it came; null when there is none.</summary>
    public string? LastReceipt
    {
        get
        {
            using var connection = Open();
            return OutboxStore.LastReceipt(connection);
        }
    }

    public OutboxCounts Counts
    {
        get
        {
            using var connection = Open();
            return OutboxStore.Counts(connection);
        }
    }

    /// <summary>The oldest statement that waits for a receipt; null when none does.</summary>
    /// <param name="after">Only statements behind this position in the outbox.</param>
    /// <param name="passOver">Which positions not to look at. Null for none.</param>
    public PendingStatement? NextPending(long after = 0, Func<long, bool>? passOver = null)
    {
        using var connection = Open();
        return OutboxStore.NextPending(connection, after, passOver);
    }

    /// <summary>Every step of the wall clock that was met, oldest first, over all epochs.</summary>
    public IReadOnlyList<ClockStep> ClockSteps()
    {
        using var connection = Open();
        using var command = connection.Command("""
            SELECT bytes FROM entry WHERE instr(bytes, CAST('"type":"clock-step"' AS BLOB)) > 0 ORDER BY position
            """);
        using var row = command.ExecuteReader();
        var steps = new List<ClockStep>();
        while (row.Read())
            if (ClockStep.Of(StoredEntry.Decode(row.GetFieldValue<byte[]>(0))) is { } step)
                steps.Add(step);
        return steps;
    }

    /// <summary>The exact bytes of the entries of an epoch between two sequence numbers, neither included, oldest first.</summary>
    /// <remarks>Streamed: a long stretch is never in memory at once.</remarks>
    public IEnumerable<ReadOnlyMemory<byte>> EntriesBetween(Guid epoch, long after, long before)
    {
        using var connection = Open();
        foreach (var row in RowsBetween(connection, epoch, after, before))
            yield return row.Bytes;
    }

    /// <summary>Looks at everything: the file, the chain from its first entry, and that each heartbeat was signed over its entry.</summary>
    /// <param name="key">The agent's public key. Without it signatures are not looked at.</param>
    /// <param name="retired">The public keys it signed with before.</param>
    public LedgerCheck Check(Jwk? key = null, JwkSet? retired = null)
    {
        try
        {
            using var connection = Open();
            using var snapshot = connection.BeginTransaction(deferred: true);
            return LedgerCheckStore.Whole(connection, key, retired);
        }
        catch (Exception e) when (e.ShowsDamage())
        {
            return new LedgerCheck(0, default, LedgerDamagedException.Unreadable(File, e).Fault);
        }
    }

    /// <summary>The first fault of the newest entries; null when they hold.</summary>
    public string? TailFault(int entries)
    {
        using var connection = Open();
        using var snapshot = connection.BeginTransaction(deferred: true);
        return LedgerCheckStore.Tail(connection, entries);
    }

    /// <summary>The hash of one entry; null when it is not there.</summary>
    public string? HashAt(Guid epoch, long seq)
    {
        using var connection = Open();
        return (string?)connection.Value(
            "SELECT hash FROM entry WHERE epoch = $epoch AND seq = $seq", ("$epoch", epoch.ToString()), ("$seq", seq));
    }

    /// <summary>Closes every idle file handle; the next call opens anew.</summary>
    public void LetGo()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    public void Dispose() => LetGo();

    internal static LedgerHead HeadOf(SqliteConnection connection)
    {
        using var command = connection.Command("""
            SELECT m.epoch, e.seq, e.hash FROM meta m LEFT JOIN entry e ON e.epoch = m.epoch ORDER BY e.seq DESC LIMIT 1
            """);
        using var row = command.ExecuteReader();
        row.Read();
        return row.IsDBNull(1)
            ? new LedgerHead(row.GetGuid(0), 0, EntryCodec.NoPrevious)
            : new LedgerHead(row.GetGuid(0), row.GetInt64(1), row.GetString(2));
    }

    internal static IEnumerable<EntryRow> RowsBetween(SqliteConnection connection, Guid epoch, long after, long before)
    {
        using var command = connection.Command(
            "SELECT seq, bytes, hash FROM entry WHERE epoch = $epoch AND seq > $after AND seq < $before ORDER BY seq",
            ("$epoch", epoch.ToString()), ("$after", after), ("$before", before));
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return new EntryRow(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2));
    }

    /// <summary>Every change of the signing key with its place among all entries of all epochs.</summary>
    internal static IEnumerable<(long Position, LedgerEntry Entry)> KeyRotationsOf(SqliteConnection connection, bool newestFirst)
    {
        // The mark may also stand inside a body; the entry itself has the last word.
        using var command = connection.Command(newestFirst
            ? "SELECT position, bytes FROM entry WHERE instr(bytes, $mark) > 0 ORDER BY position DESC"
            : "SELECT position, bytes FROM entry WHERE instr(bytes, $mark) > 0 ORDER BY position",
            ("$mark", Encoding.ASCII.GetBytes($"\"type\":\"{EntryTypes.KeyRotate}\"")));
        using var row = command.ExecuteReader();
        while (row.Read())
            if (StoredEntry.Decode(row.GetFieldValue<byte[]>(1)) is { Type: EntryTypes.KeyRotate } entry)
                yield return (row.GetInt64(0), entry);
    }

    void RefuseUnknown()
    {
        try
        {
            using var connection = Open();
            var version = (long)connection.Value("PRAGMA user_version")!;
            if (version == 0)
                throw new LedgerRefusedException(File, "this ledger was never finished; the agent finishes it when it starts");
            if (version > LedgerSchema.Version)
                throw LedgerRefusedException.Newer(File, version);
        }
        catch (Exception e)
        {
            // A handle kept open would still be on this file when another has taken its place.
            LetGo();
            if (e is SqliteException sqlite && sqlite.IsDamage())
                throw LedgerDamagedException.Unreadable(File, e);
            throw;
        }
    }

    /// <summary>A connection that cannot write.</summary>
    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
