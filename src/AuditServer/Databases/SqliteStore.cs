using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AuditServer.Databases;

/// <summary>Evidence in one file (WAL, <c>synchronous=FULL</c>). One writer at a time; readers are never blocked.</summary>
sealed class SqliteStore(string file) : IEvidenceDatabase
{
    const string Id = "INTEGER PRIMARY KEY";
    const string Whole = "INTEGER";
    const string Strict = "STRICT";

    // Receipts are indexed by a hash, so that each one touches another page: with the usual 2 MB of cache nearly every page of that index
    // is read again, and with a checkpoint every 4 MB written again. Cache in KiB, checkpoint in pages of the log.
    const string Settings = "PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096";

    readonly string _connection = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 10 }.ToString();

    public bool TakesArrays => false;

    public void Prepare()
    {
        using var connection = (SqliteConnection)Open();
        Execute(connection, null, "PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Convert.ToInt32(Execute(connection, transaction, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version != 0 && version is < EvidenceSchema.OldestUpgraded or > EvidenceSchema.Version)
            throw new InvalidDataException($"{file} has schema version {version}; this server knows version {EvidenceSchema.Version}.");
        if (version == 0)
            Execute(connection, transaction, $"""
                {EvidenceSchema.Tables(Id, Whole, "BLOB", Strict)}
                {string.Concat(EvidenceSchema.Evidence.Select(Guards))}
                PRAGMA user_version = {EvidenceSchema.Version};
                """);
        else if (version < EvidenceSchema.Version)
            Execute(connection, transaction, $"""
                {EvidenceSchema.Upgrade(version, Id, Whole, Strict)}
                {string.Concat(EvidenceSchema.Since4.Select(Guards))}
                PRAGMA user_version = {EvidenceSchema.Version};
                """);
        transaction.Commit();
    }

    public DbConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        Execute(connection, null, Settings);
        return connection;
    }

    // There is one writer in the whole file, so there is one for these agents.
    public DbTransaction Begin(DbConnection connection, IEnumerable<string> agents) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: false);

    // A row whose commit failed may be visible and yet not on the disk.
    public void SettleDoubt(DbConnection connection) => Execute((SqliteConnection)connection, null, "PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    static string Guards(string table) =>
        $"""

        CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'evidence is never removed'); END;
        CREATE TRIGGER {table}_hold BEFORE UPDATE {(table == "findings" ? $"OF {EvidenceSchema.FindingColumns} " : "")}ON {table}
        BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        """;

    static object? Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command.ExecuteScalar();
    }
}
