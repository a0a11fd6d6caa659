using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace AuditServer.Databases;

/// <summary>
/// Evidence in PostgreSQL. Any number of servers may share it: whoever decides about an agent holds that agent's advisory lock until
/// its commit, and looks only afterwards.
/// </summary>
sealed class PostgresStore : IEvidenceDatabase
{
    // Any number will do, as long as every server takes the same.
    const long PreparingLock = 0x46_6f_6f_74_61_67_65;

    const string Id = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    const string Whole = "BIGINT";

    readonly NpgsqlDataSource _source;

    /// <param name="connection">As Npgsql reads it; a password may also come from PGPASSFILE.</param>
    /// <exception cref="FormatException">It is not a connection string.</exception>
    public PostgresStore(string connection)
    {
        try
        {
            _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection)
            {
                ApplicationName = "retention-audit-server",
                MaxAutoPrepare = 64,
                AutoPrepareMinUsages = 2,
                IncludeErrorDetail = false,
            });
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"This is no PostgreSQL connection string: {e.Message}", e);
        }
    }

    public bool TakesArrays => true;

    public void Prepare()
    {
        using var connection = _source.OpenConnection();
        // A receipt leaves after its commit; here a commit would come back before it is on the disk.
        foreach (var setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
            if (Execute(connection, $"SHOW {setting}") is "off")
                throw new InvalidDataException($"PostgreSQL runs with {setting} = off, so what it commits can be lost. Evidence is not kept there.");

        using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
        Execute(connection, $"SELECT pg_advisory_xact_lock({PreparingLock})");
        if (Execute(connection, "SELECT to_regclass('schema_version')::text") is not string)
            Execute(connection, $"""
                {EvidenceSchema.Tables(Id, Whole, "BYTEA", "")}
                CREATE FUNCTION keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'evidence is never %', CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END; END $$;
                {string.Concat(EvidenceSchema.Evidence.Select(Guards))}
                CREATE TABLE schema_version (version INT NOT NULL);
                INSERT INTO schema_version VALUES ({EvidenceSchema.Version});
                """);
        var version = Convert.ToInt32(Execute(connection, "SELECT max(version) FROM schema_version"), CultureInfo.InvariantCulture);
        if (version is >= EvidenceSchema.OldestUpgraded and < EvidenceSchema.Version)
            Execute(connection, $"""
                {EvidenceSchema.Upgrade(version, Id, Whole, "")}
                {string.Concat(EvidenceSchema.Since4.Select(Guards))}
                UPDATE schema_version SET version = {EvidenceSchema.Version};
                """);
        else if (version != EvidenceSchema.Version)
            throw new InvalidDataException($"The database has schema version {version}; this server knows version {EvidenceSchema.Version}.");
        transaction.Commit();
    }

    public DbConnection Open() => _source.OpenConnection();

    public DbTransaction Begin(DbConnection connection, IEnumerable<string> agents)
    {
        // Read committed, so that everything after the lock sees what the one who held it before has committed.
        var transaction = ((NpgsqlConnection)connection).BeginTransaction(IsolationLevel.ReadCommitted);
        // In one order everywhere: two servers with the same agents in their hands wait for each other, but not in a circle.
        using var command = new NpgsqlCommand(
            "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT hashtextextended(a, 0) AS k FROM unnest(@agents) AS a ORDER BY k) AS sorted",
            (NpgsqlConnection)connection, transaction);
        command.Parameters.AddWithValue("agents", agents.ToArray());
        command.ExecuteNonQuery();
        return transaction;
    }

    // What a commit made visible here is on the disk, and a commit that failed to get there takes the whole database down.
    public void SettleDoubt(DbConnection connection)
    {
    }

    public void Dispose() => _source.Dispose();

    static string Guards(string table) =>
        $"""

        CREATE TRIGGER {table}_stay BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION keep_evidence();
        CREATE TRIGGER {table}_hold BEFORE UPDATE {(table == "findings" ? $"OF {EvidenceSchema.FindingColumns} " : "")}ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION keep_evidence();
        """;

    [SuppressMessage("Security", "CA2100", Justification = "All of it is constants of this file and of the schema.")]
    static object? Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
