using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// A recorder's own SQLite database, read so that its owner cannot notice: opened as immutable, which takes no lock and
/// makes no file beside it. That way what still lies in its write-ahead log would stay unseen, so where there is one,
/// both are copied into a folder of ours and read there. What it holds is hostile: plain tables only, and an end to the
/// work of every question.
/// </summary>
sealed class ForeignDatabaseStore : IDisposable
{
    const int MostRows = 10_000_000;
    const int LongestName = 200;

    /// <summary>Steps of SQLite's machine per question: a hundred per row we would take.</summary>
    const long MostSteps = 100L * MostRows;
    const int StepsAtOnce = 10_000;

    /// <summary>A database with a log that is larger is not copied: then its newest rows cannot be seen.</summary>
    const long MostCopied = 1L << 30;

    const int LogHeadLength = 32;
    const int Attempts = 3;

    readonly SqliteConnection connection;
    readonly string? copy;
    long steps;

    ForeignDatabaseStore(SqliteConnection connection, string? copy)
    {
        this.connection = connection;
        this.copy = copy;
        raw.sqlite3_progress_handler(connection.Handle, StepsAtOnce, _ => (steps += StepsAtOnce) > MostSteps ? 1 : 0, null);
    }

    /// <exception cref="InvalidDataException">It is not a database.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static ForeignDatabaseStore Open(string path)
    {
        var log = new FileInfo(path + "-wal");
        var copy = log is { Exists: true, Length: > 0 } ? Copy(path, log) : null;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = copy is null ? $"file:{Escaped(path)}?immutable=1" : Path.Combine(copy, "db"),
            Mode = copy is null ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            var store = new ForeignDatabaseStore(connection, copy);
            store.Run("PRAGMA trusted_schema = OFF");
            store.Run("PRAGMA cell_size_check = ON");
            store.Run("PRAGMA mmap_size = 0");
            return store;
        }
        catch (Exception e)
        {
            connection.Dispose();
            Delete(copy);
            if (e is SqliteException failure)
                throw Damage(failure);
            throw;
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        Delete(copy);
    }

    /// <summary>Every row of a question of whole numbers.</summary>
    /// <param name="table">What is asked; a view, or a table that is a program, is refused.</param>
    /// <param name="sql">The question.</param>
    /// <param name="take">Is handed what gives the values of one row; what is no number is zero.</param>
    internal void Each(string table, string sql, Action<Func<int, long>> take) =>
        Each(table, sql, rows => take(i => rows.GetFieldType(i) == typeof(long) && !rows.IsDBNull(i) ? rows.GetInt64(i) : 0));

    /// <summary>Every row of a question whose columns are a number, a truth and a name.</summary>
    internal void EachNamed(string table, string sql, Action<long, bool, string> take) =>
        Each(table, sql, rows =>
        {
            if (!rows.IsDBNull(0) && rows.GetFieldType(0) == typeof(long) && !rows.IsDBNull(2) && rows.GetString(2) is { Length: > 0 and <= LongestName } name)
                take(rows.GetInt64(0), !rows.IsDBNull(1) && rows.GetFieldType(1) == typeof(long) && rows.GetInt64(1) != 0, name);
        });

    internal bool HasColumn(string table, string column)
    {
        var has = false;
        Ask("SELECT name FROM pragma_table_info($table)", ("$table", table), rows => has |= rows.GetString(0) == column);
        return has;
    }

    void Each(string table, string sql, Action<SqliteDataReader> take)
    {
        var isPlain = false;
        Ask("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $table AND rootpage > 0", ("$table", table), _ => isPlain = true);
        if (!isPlain)
            throw new InvalidDataException($"the database has no table {table}");
        Ask(sql, null, take);
    }

    void Ask(string sql, (string Name, string Value)? parameter, Action<SqliteDataReader> take)
    {
        steps = 0;
        try
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every question is a constant of the two readers.
            command.CommandText = sql;
#pragma warning restore CA2100
            if (parameter is { } given)
                command.Parameters.AddWithValue(given.Name, given.Value);
            using var rows = command.ExecuteReader();
            for (var i = 0; rows.Read(); i++)
            {
                if (i >= MostRows)
                    throw new InvalidDataException("too much work: more rows than any recorder has");
                take(rows);
            }
        }
        catch (SqliteException e)
        {
            throw Damage(e);
        }
    }

    void Run(string sql) => Ask(sql, null, _ => { });

    static InvalidDataException Damage(SqliteException e) => new(e.SqliteErrorCode == raw.SQLITE_INTERRUPT
        ? "too much work: the database asks for more steps than any sound one"
        : $"the database cannot be read (SQLite error {e.SqliteErrorCode})", e);

    /// <summary>The parts of a path that mean something else in an address.</summary>
    static string Escaped(string path) => path.Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3f", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);

    static string Copy(string path, FileInfo log)
    {
        if (new FileInfo(path).Length + log.Length > MostCopied)
            throw new InvalidDataException("the database keeps its newest rows in a log beside it, and is too large to be copied");

        var folder = Directory.CreateTempSubdirectory("recorder-database-").FullName;
        try
        {
            // Rows leave the log only when it begins anew, which its head tells: the same head before and after means
            // that every row is in one of the two copies.
            for (var i = 0; i < Attempts; i++)
            {
                var head = Head(log.FullName);
                Copy(path, Path.Combine(folder, "db"));
                Copy(log.FullName, Path.Combine(folder, "db-wal"));
                if (Head(log.FullName).AsSpan().SequenceEqual(head))
                    return folder;
            }

            throw new InvalidDataException("the database changes too fast to be copied");
        }
        catch
        {
            Delete(folder);
            throw;
        }
    }

    static byte[] Head(string path)
    {
        using var file = QuietFile.Open(path);
        var head = new byte[LogHeadLength];
        RandomAccess.Read(file, head, 0);
        return head;
    }

    static void Copy(string from, string to)
    {
        using var source = QuietFile.Open(from);
        using var target = File.OpenHandle(to, FileMode.Create, FileAccess.Write);
        var buffer = new byte[256 << 10];
        long at = 0;
        for (var count = RandomAccess.Read(source, buffer, at); count > 0 && at <= MostCopied; count = RandomAccess.Read(source, buffer, at))
        {
            RandomAccess.Write(target, buffer.AsSpan(0, count), at);
            at += count;
        }
    }

    static void Delete(string? folder)
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
