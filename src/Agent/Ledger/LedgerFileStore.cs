using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>Opens the database file for writing and makes its tables when it is new, or brings them up to date.</summary>
static class LedgerFileStore
{
    /// <exception cref="LedgerRefusedException">It was written by a newer version.</exception>
    public static SqliteConnection OpenOrMake(string path, string agent)
    {
        var connection = Open(path);
        try
        {
            MakeOrBringUpToDate(connection, path, agent);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            // Not pooled: letting go of the connection must let go of the file.
            DataSource = path, Pooling = false, ForeignKeys = true, DefaultTimeout = 30,
        }.ToString());
        try
        {
            connection.Open();
            // FULL: a commit is on the disk when it returns, also after a power cut. NORMAL would lose the newest entries.
            connection.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the database after a write to it failed. What is found then may be in the system's memory alone, and a sync that failed once
    /// says nothing the next time: everything is written out anew before anybody builds on it.
    /// </summary>
    public static SqliteConnection Reopen(string path)
    {
        var connection = Open(path);
        try
        {
            WriteOut(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    static void WriteOut(SqliteConnection connection)
    {
        using var command = connection.Command("PRAGMA wal_checkpoint(TRUNCATE)");
        using var row = command.ExecuteReader();
        row.Read();
        // Somebody who still reads may keep the log from being cut, not from being copied.
        if (row.GetInt64(0) != 0 && row.GetInt64(1) != row.GetInt64(2))
            throw new SqliteException("The log could not be written out: somebody reads an older state.", SQLitePCL.raw.SQLITE_BUSY);
    }

    static void MakeOrBringUpToDate(SqliteConnection connection, string path, string agent)
    {
        // Asked inside the write lock: two processes may come upon the same missing file.
        using var transaction = connection.BeginTransaction();
        var version = (long)connection.Value("PRAGMA user_version")!;
        if (version == LedgerSchema.Version)
            return;
        // A newer version has another schema. With ours the number is what is wrong, and so it is when it says that there is nothing here.
        if (version is < 0 or > LedgerSchema.Version)
            throw LedgerSchemaStore.Fault(connection) is null ? Misnumbered() : LedgerRefusedException.Newer(path, version);
        if (version == 0 && !LedgerSchemaStore.IsEmpty(connection))
            throw Misnumbered();

        if (version == 1)
            connection.Run(LedgerSchema.From1);
        else
        {
            connection.Run(LedgerSchema.Create);
            connection.Run("INSERT INTO meta (id, agent, epoch) VALUES (1, $agent, $epoch)", ("$agent", agent), ("$epoch", Guid.NewGuid().ToString()));
        }

        connection.Run($"PRAGMA user_version = {LedgerSchema.Version}");
        transaction.Commit();

        LedgerDamagedException Misnumbered() => new(path, $"The database says that it is of schema {version}, and is not.");
    }
}
