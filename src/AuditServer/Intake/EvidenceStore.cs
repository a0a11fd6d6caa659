using System.Globalization;
using AuditServer.Receipts;
using Microsoft.Data.Sqlite;

namespace AuditServer.Intake;

/// <summary>
/// What was received and receipted, in SQLite (WAL, <c>synchronous=FULL</c>: a receipt leaves only after its commit reached the disk).
/// One writer at a time; readers are never blocked.
/// </summary>
sealed class EvidenceStore : IDisposable
{
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    readonly string _connection;
    readonly Serilog.ILogger _log;
    readonly Lock _writing = new();

    // After a failed commit nobody knows whether it reached the disk. Owned by whoever holds _writing.
    bool _doubtful;

    public EvidenceStore(string file, Serilog.ILogger log)
    {
        _log = log;
        _connection = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 10 }.ToString();
        using var connection = Open();
        Execute(connection, null, "PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Convert.ToInt32(Scalar(connection, transaction, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version is not (0 or EvidenceSchema.Version))
            throw new InvalidDataException($"{file} has schema version {version}; this server knows version {EvidenceSchema.Version}.");
        if (version == 0)
            Execute(connection, transaction, $"{EvidenceSchema.Sql}\nPRAGMA user_version = {EvidenceSchema.Version};");
        transaction.Commit();
    }

    /// <summary>
    /// Stores a heartbeat with its entries and its receipt, all or nothing; a repeated one gets the receipt it got before, a
    /// contradicting one is refused and kept as a finding. A failing disk is <see cref="RefusalCode.NotStored"/>.
    /// </summary>
    public IntakeOutcome Accept(DeliveredHeartbeat delivery, ReceiptWriter receipts)
    {
        lock (_writing)
        {
            try
            {
                using var connection = Open();
                SettleDoubt_NeedsLock(connection);
                using var transaction = connection.BeginTransaction(deferred: false);
                var outcome = Decide(new EvidenceTransactionStore(connection, transaction), delivery, receipts);
                _doubtful = true;
                transaction.Commit();
                _doubtful = false;
                return outcome;
            }
            catch (SqliteException e)
            {
                _log.Error(e, "A heartbeat of {Agent} could not be stored and got no receipt", delivery.Agent.Agent);
                return IntakeOutcome.Refused(RefusalCode.NotStored, "The heartbeat could not be stored. Send it again later.");
            }
        }
    }

    /// <summary>The newest heartbeat of every agent's newest epoch.</summary>
    public IReadOnlyList<LatestHeartbeat> Latest()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT h.site, c.agent, h.received, e.bytes, h.receipt, (SELECT count(*) FROM findings f WHERE f.agent = c.agent)
            FROM (SELECT agent, max(id) AS id FROM chains GROUP BY agent) newest
            JOIN chains c ON c.id = newest.id
            JOIN heartbeats h ON h.chain = c.id AND h.seq = c.head_seq
            JOIN entries e ON e.chain = c.id AND e.seq = c.head_seq
            """;
        using var row = command.ExecuteReader();
        var latest = new List<LatestHeartbeat>();
        while (row.Read())
            latest.Add(new LatestHeartbeat(
                row.GetString(0), row.GetString(1), ParseTime(row.GetString(2)), row.GetFieldValue<byte[]>(3), row.GetString(4), row.GetInt64(5)));

        return latest;
    }

    public bool IsReadable()
    {
        try
        {
            using var connection = Open();
            return Scalar(connection, null, "SELECT count(*) FROM chains") is long;
        }
        catch (SqliteException e)
        {
            _log.Error(e, "The evidence cannot be read");
            return false;
        }
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    internal static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static IntakeOutcome Decide(EvidenceTransactionStore stored, DeliveredHeartbeat delivery, ReceiptWriter receipts)
    {
        var heartbeat = delivery.Heartbeat;
        var entry = heartbeat.Entry;
        if (stored.FindHeartbeat(entry.Agent, entry.Epoch, entry.Seq) is { } known)
            return known.Hash == heartbeat.EntryHash
                ? IntakeOutcome.Accepted(known.Receipt)
                : Refuse(RefusalCode.Equivocation, $"Another heartbeat with seq {entry.Seq} was accepted before; its entry has hash {known.Hash}.");
        if (stored.FindContradiction(heartbeat) is { } contradiction)
            return Refuse(RefusalCode.Fork, contradiction);

        var standing = new Standing(
            Previous: heartbeat.After > 0 ? stored.FindHeartbeat(entry.Agent, entry.Epoch, heartbeat.After)?.Hash : null,
            NewEpoch: stored.IsNewEpoch(entry.Agent, entry.Epoch));
        var receipt = receipts.Write(delivery, standing);
        stored.Add(delivery, receipt);
        return IntakeOutcome.Accepted(receipt.Jws);

        IntakeOutcome Refuse(RefusalCode code, string message)
        {
            stored.AddFinding(delivery, code.ToString(), message, delivery.Jws);
            return IntakeOutcome.Refused(code, message);
        }
    }

    // A row whose commit failed may be visible and yet not on the disk. Nothing is answered from it before everything is written through.
    void SettleDoubt_NeedsLock(SqliteConnection connection)
    {
        if (!_doubtful)
            return;

        Execute(connection, null, "PRAGMA wal_checkpoint(TRUNCATE)");
        _doubtful = false;
    }

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        Execute(connection, null, "PRAGMA synchronous = FULL");
        return connection;
    }

    static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    static object? Scalar(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command.ExecuteScalar();
    }
}
