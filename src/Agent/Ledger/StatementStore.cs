using System.Text;
using Agent.Evidence.Statements;

namespace Agent.Ledger;

/// <summary>Reads what was stated, in the form in which it is delivered, whether or not it was receipted since.</summary>
static class StatementStore
{
    /// <summary>The statements of an epoch after a sequence number, oldest first, each with the entries between it and the one before.</summary>
    /// <remarks>Streamed: a long stretch is never in memory at once.</remarks>
    public static IEnumerable<(long Seq, HeartbeatRequest Request)> After(LedgerReadStore ledger, Guid epoch, long after)
    {
        using var connection = ledger.Open();
        using var command = connection.Command(
            "SELECT seq, after, jws FROM outbox WHERE epoch = $epoch AND seq > $after ORDER BY seq", ("$epoch", epoch.ToString()), ("$after", after));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var between = LedgerReadStore.RowsBetween(connection, epoch, row.GetInt64(1), row.GetInt64(0)).Select(entry => Encoding.UTF8.GetString(entry.Bytes.Span));
            yield return (row.GetInt64(0), new HeartbeatRequest(row.GetString(2), [.. between]));
        }
    }

    /// <summary>The statements that wait for a receipt, oldest first over all epochs, each with the entries between it and the one before.</summary>
    /// <param name="ledger">The ledger; it may be written meanwhile, what is read is as it was at the beginning.</param>
    /// <param name="most">How many at most.</param>
    /// <remarks>Streamed: a month of them is never in memory at once.</remarks>
    public static IEnumerable<HeartbeatRequest> Pending(LedgerReadStore ledger, long most)
    {
        using var connection = ledger.Open();
        using var command = connection.Command(
            "SELECT epoch, seq, after, jws FROM outbox WHERE state = 'pending' ORDER BY position LIMIT $most", ("$most", most));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var between = LedgerReadStore.RowsBetween(connection, row.GetGuid(0), row.GetInt64(2), row.GetInt64(1)).Select(entry => Encoding.UTF8.GetString(entry.Bytes.Span));
            yield return new HeartbeatRequest(row.GetString(3), [.. between]);
        }
    }

    /// <summary>One statement, and the receipt it has; null when the ledger holds no such statement.</summary>
    public static (PendingStatement Statement, string? Receipt)? Find(LedgerReadStore ledger, Guid epoch, long seq)
    {
        using var connection = ledger.Open();
        using var command = connection.Command(
            """
            SELECT o.after, o.jws, e.bytes, o.attempts, o.receipt, o.position
            FROM outbox o JOIN entry e ON e.epoch = o.epoch AND e.seq = o.seq WHERE o.epoch = $epoch AND o.seq = $seq
            """,
            ("$epoch", epoch.ToString()), ("$seq", seq));
        using var row = command.ExecuteReader();
        return row.Read()
            ? (new PendingStatement(row.GetInt64(5), epoch, seq, row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetInt32(3)), row.IsDBNull(4) ? null : row.GetString(4))
            : null;
    }
}
