using System.Globalization;
using System.Security.Cryptography;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Microsoft.Data.Sqlite;

namespace Agent.EndToEnd;

/// <summary>Puts a month of ticks and heartbeats into the ledger of an agent that does not run, signed with its own key, as a month without a line leaves them.</summary>
internal static class PastMonth
{
    static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <returns>How many statements were added.</returns>
    public static int Add(string data, DateTimeOffset now, TimeSpan every)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(data, "agent.key.pem")));
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "ledger.db")};Pooling=False");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        var head = Head(connection);
        var count = (int)(Month / every);
        for (var i = 0; i < count; i++)
            head = State(connection, key, head, now - Month + (every * i), (long)(every * i).TotalMilliseconds, isTick: i % 12 != 0);
        transaction.Commit();
        return count;
    }

    static (LedgerEntry Newest, string Hash, long Statement) Head(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT bytes, hash, (SELECT coalesce(max(seq), 0) FROM outbox) FROM entry ORDER BY position DESC LIMIT 1";
        using var row = command.ExecuteReader();
        row.Read();
        return (EntryCodec.Decode(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetInt64(2));
    }

    static (LedgerEntry Newest, string Hash, long Statement) State(
        SqliteConnection connection, ECDsa key, (LedgerEntry Newest, string Hash, long Statement) head, DateTimeOffset time, long monotonic, bool isTick)
    {
        var milliseconds = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
        var entry = head.Newest with
        {
            Seq = head.Newest.Seq + 1,
            Time = milliseconds,
            Boot = "the-boot-of-last-month",
            MonotonicMilliseconds = monotonic,
            Previous = head.Hash,
            Type = isTick ? EntryTypes.Tick : EntryTypes.Heartbeat,
            Body = isTick
                ? TickCodec.Encode(new Tick { After = head.Statement, Site = TestSite.Id, Receipt = null, Pending = 0, SetAside = 0 })
                : HeartbeatCodec.Encode(new Heartbeat { After = head.Statement, Site = TestSite.Id, AsOf = milliseconds, TimeZone = "Asia/Shanghai", Receipt = null, SoftwareVersion = "0.1.0", Cameras = [] }),
        };
        var bytes = EntryCodec.Encode(entry);
        var hash = EntryCodec.Hash(bytes);
        Run(connection, "INSERT INTO entry (epoch, seq, bytes, hash) VALUES ($1, $2, $3, $4)", entry.Epoch.ToString(), entry.Seq, bytes, hash);
        Run(connection, "INSERT INTO outbox (epoch, seq, after, jws) VALUES ($1, $2, $3, $4)",
            entry.Epoch.ToString(), entry.Seq, head.Statement, Jws.Sign(bytes, isTick ? StatementTypes.Tick : StatementTypes.Heartbeat, key));
        return (entry, hash, entry.Seq);
    }

    static void Run(SqliteConnection connection, string sql, params object[] values)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue("$" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i]);
        command.ExecuteNonQuery();
    }
}
