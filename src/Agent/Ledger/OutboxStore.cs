using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>What becomes of the statements. Works within the caller's transaction.</summary>
static class OutboxStore
{
    /// <summary>Seq of the newest heartbeat or tick of the epoch; 0 when there is none.</summary>
    public static long LastStatement(SqliteConnection connection) =>
        (long)connection.Value("SELECT coalesce(max(seq), 0) FROM outbox WHERE epoch = (SELECT epoch FROM meta)")!;

    /// <summary>The newest receipt of the audit server, the JWS as it came; null when there is none.</summary>
    public static string? LastReceipt(SqliteConnection connection) =>
        connection.Value("SELECT receipt FROM outbox WHERE state = 'receipted' ORDER BY position DESC LIMIT 1") as string;

    /// <summary>SHA-256 of the text of <see cref="LastReceipt"/>, lower-case hex: what the next statement echoes.</summary>
    public static string? LastReceiptHash(SqliteConnection connection) =>
        LastReceipt(connection) is { } receipt ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt))) : null;

    public static OutboxCounts Counts(SqliteConnection connection)
    {
        using var command = connection.Command("""
            SELECT (SELECT count(*) FROM outbox WHERE state = 'pending'), (SELECT count(*) FROM outbox WHERE state = 'set_aside'),
                   (SELECT count(*) FROM outbox WHERE state = 'receipted'),
                   (SELECT seq FROM outbox WHERE state = 'pending' ORDER BY position LIMIT 1)
            """);
        using var row = command.ExecuteReader();
        row.Read();
        return new OutboxCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3));
    }

    /// <summary>The oldest pending statement after a position, but for those to pass over; null when there is none.</summary>
    public static PendingStatement? NextPending(SqliteConnection connection, long after, Func<long, bool>? passOver)
    {
        using var command = connection.Command("""
            SELECT o.position, o.epoch, o.seq, o.after, o.jws, e.bytes, o.attempts
            FROM outbox o JOIN entry e ON e.epoch = o.epoch AND e.seq = o.seq
            WHERE o.state = 'pending' AND o.position > $after ORDER BY o.position
            """, ("$after", after));
        using var row = command.ExecuteReader();
        while (row.Read())
            if (passOver?.Invoke(row.GetInt64(0)) != true)
                return new PendingStatement(
                    row.GetInt64(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4), row.GetFieldValue<byte[]>(5), row.GetInt32(6));
        return null;
    }

    public static void Add(SqliteConnection connection, LedgerHead statement, long after, string jws) =>
        connection.Run("INSERT INTO outbox (epoch, seq, after, jws) VALUES ($epoch, $seq, $after, $jws)",
            ("$epoch", statement.Epoch.ToString()), ("$seq", statement.Seq), ("$after", after), ("$jws", jws));

    /// <returns>False when it was receipted already.</returns>
    public static bool Receipt(SqliteConnection connection, PendingStatement statement, string receipt) => connection.Run(
        "UPDATE outbox SET state = 'receipted', receipt = $receipt WHERE epoch = $epoch AND seq = $seq AND state <> 'receipted'",
        ("$receipt", receipt), ("$epoch", statement.Epoch.ToString()), ("$seq", statement.Seq)) == 1;

    public static void Mark(SqliteConnection connection, PendingStatement statement, string state, string code) => connection.Run(
        "UPDATE outbox SET state = $state, failure = $code, attempts = attempts + 1 WHERE epoch = $epoch AND seq = $seq AND state = 'pending'",
        ("$state", state), ("$code", code), ("$epoch", statement.Epoch.ToString()), ("$seq", statement.Seq));
}
