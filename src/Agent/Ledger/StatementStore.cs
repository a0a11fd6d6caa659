using System.Text;
using Agent.Evidence.Statements;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>Reads what was stated, in the form in which it is delivered, whether or not it was receipted since.</summary>
static class StatementStore
{
    /// <summary>The statements of an epoch after a sequence number, oldest first, each with the entries between it and the one before.</summary>
    /// <remarks>Streamed: a long stretch is never in memory at once.</remarks>
    public static IEnumerable<(long Seq, HeartbeatRequest Request)> After(LedgerReadStore ledger, Guid epoch, long after)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ledger.File, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        using var command = connection.Command(
            "SELECT seq, after, jws FROM outbox WHERE epoch = $epoch AND seq > $after ORDER BY seq", ("$epoch", epoch.ToString()), ("$after", after));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            var between = LedgerReadStore.RowsBetween(connection, epoch, row.GetInt64(1), row.GetInt64(0)).Select(entry => Encoding.UTF8.GetString(entry.Bytes.Span));
            yield return (row.GetInt64(0), new HeartbeatRequest(row.GetString(2), [.. between]));
        }
    }
}
