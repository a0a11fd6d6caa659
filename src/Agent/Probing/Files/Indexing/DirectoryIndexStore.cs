using Microsoft.Data.Sqlite;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// The index of one recorder on disk: a row for each folder. It is disposable: what is in it can be read from the recorder again, so
/// it waits for no disk, and a damaged one is deleted.
/// </summary>
internal sealed class DirectoryIndexStore : IDisposable
{
    /// <summary>Of the form of rows and of what is made of them; a change of either makes every index anew.</summary>
    public const int FormatVersion = 4;

    readonly SqliteConnection _connection;
    readonly SqliteCommand _read, _write, _remove, _relist;
    SqliteTransaction? _changes;

    DirectoryIndexStore(SqliteConnection connection)
    {
        _connection = connection;
        _read = Command("SELECT content FROM folder WHERE path = $path");
        _write = Command("INSERT OR REPLACE INTO folder VALUES ($path, $content)");
        _write.Parameters.Add("$content", SqliteType.Blob);
        _remove = Command("DELETE FROM folder WHERE path = $path; DELETE FROM listing WHERE path = $path");
        _relist = Command("INSERT OR REPLACE INTO listing VALUES ($path, $at)");
        _relist.Parameters.Add("$at", SqliteType.Integer);
    }

    /// <summary>Opens the index, making it where there is none.</summary>
    /// <param name="file">The database.</param>
    /// <param name="key">What it is the index of; one of anything else is emptied.</param>
    /// <exception cref="IndexDamagedException">It is no database, or not one that holds.</exception>
    /// <exception cref="IndexNotKeptException">It cannot be opened or made.</exception>
    public static DirectoryIndexStore Open(string file, string key)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            return Try(() =>
            {
                connection.Open();
                Run(connection, "PRAGMA journal_mode = WAL");
                Run(connection, "PRAGMA synchronous = OFF");
                Run(connection, """
                    CREATE TABLE IF NOT EXISTS setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE IF NOT EXISTS folder (
                        path    TEXT NOT NULL PRIMARY KEY,  -- below the recorder's
                        content BLOB NOT NULL               -- FolderRows
                    ) STRICT;
                    CREATE TABLE IF NOT EXISTS listing (
                        path TEXT NOT NULL PRIMARY KEY,
                        at   INTEGER NOT NULL               -- UTC ticks; when every file was found as its folder's row says
                    ) STRICT, WITHOUT ROWID
                    """);
                var store = new DirectoryIndexStore(connection);
                if (store.Setting("key") != key)
                {
                    Run(connection, "DELETE FROM folder; DELETE FROM listing; DELETE FROM setting");
                    store.Set("key", key);
                }

                return store;
            });
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Deletes an index with everything beside it.</summary>
    public static void Delete(string file)
    {
        foreach (var part in (string[])[file, $"{file}-wal", $"{file}-shm"])
            File.Delete(part);
    }

    public string? Setting(string name) => Try(() =>
    {
        using var command = Command("SELECT value FROM setting WHERE name = $path");
        command.Parameters["$path"].Value = name;
        return command.ExecuteScalar() as string;
    });

    public void Set(string name, string value) => Try(() =>
    {
        using var command = Command("INSERT OR REPLACE INTO setting VALUES ($path, $content)");
        command.Parameters.AddWithValue("$content", value);
        command.Parameters["$path"].Value = name;
        command.Transaction = _changes;
        return command.ExecuteNonQuery();
    });

    /// <summary>Every row, in the order of paths.</summary>
    public void ReadAll(Action<string, byte[]> take) => Try(() =>
    {
        using var command = Command("SELECT path, content FROM folder ORDER BY path");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            take(rows.GetString(0), rows.GetFieldValue<byte[]>(1));
        return 0;
    });

    /// <summary>The row of a folder; null when there is none.</summary>
    public byte[]? Read(string path) => Try(() =>
    {
        _read.Parameters["$path"].Value = path;
        _read.Transaction = _changes;
        return _read.ExecuteScalar() as byte[];
    });

    /// <summary>Writes a row; it stands once <see cref="Commit"/> was called.</summary>
    public void Write(string path, byte[] content) => Change(_write, path, content);

    public void Remove(string path) => Change(_remove, path, null);

    /// <summary>Notes that every file of a folder was found as its row says.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="at">When, in UTC ticks.</param>
    public void Relist(string path, long at)
    {
        _relist.Parameters["$at"].Value = at;
        Change(_relist, path, null);
    }

    /// <summary>When every folder was last found so.</summary>
    public void ReadListings(Action<string, long> take) => Try(() =>
    {
        using var command = Command("SELECT path, at FROM listing");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            take(rows.GetString(0), rows.GetInt64(1));
        return 0;
    });

    public void Commit() => Try(() =>
    {
        _changes?.Commit();
        return End();
    });

    public void Rollback() => Try(() =>
    {
        _changes?.Rollback();
        return End();
    });

    public void Dispose()
    {
        _changes?.Dispose();
        _read.Dispose();
        _write.Dispose();
        _remove.Dispose();
        _relist.Dispose();
        _connection.Dispose();
    }

    int End()
    {
        _changes?.Dispose();
        _changes = null;
        return 0;
    }

    void Change(SqliteCommand command, string path, byte[]? content) => Try(() =>
    {
        command.Transaction = _changes ??= _connection.BeginTransaction();
        command.Parameters["$path"].Value = path;
        if (content is not null)
            command.Parameters["$content"].Value = content;
        return command.ExecuteNonQuery();
    });

    SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text given here is a constant; what varies is a parameter.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Add("$path", SqliteType.Text);
        return command;
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // A full disk, a read-only one or a lock of somebody else's leaves the rows as good as they were; anything else does not.
    static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_BUSY
            or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_NOMEM)
        {
            throw new IndexNotKeptException($"error {e.SqliteExtendedErrorCode} of its database", e);
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or InvalidOperationException)
        {
            throw new IndexDamagedException(e);
        }
    }
}
