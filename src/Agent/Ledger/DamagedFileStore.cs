using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>Reads a damaged database around what cannot be read. Changes nothing in it.</summary>
sealed class DamagedFileStore : IDisposable
{
    const int Stretch = 256;

    // No entry is shorter, so no database has more positions than this allows.
    const int LeastEntry = 200;

    readonly SqliteConnection _connection;
    readonly long _last;

    DamagedFileStore(string file, SqliteConnection connection)
    {
        _connection = connection;
        _last = LastPosition(file);
    }

    /// <summary>Opens it; null when not even that can be done.</summary>
    public static DamagedFileStore? Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return new DamagedFileStore(file, connection);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            return null;
        }
    }

    /// <summary>Every row that can be read, by position.</summary>
    /// <param name="select">What is read, from which table; the rest of the statement is added.</param>
    /// <param name="take">Takes the values of one row; null where the database has NULL.</param>
    /// <remarks>A stretch that cannot be read is halved until only what is broken is left out.</remarks>
    public void Each(string select, Action<object?[]> take)
    {
        var sql = $"{select} WHERE position BETWEEN $first AND $last ORDER BY position";
        for (var start = 1L; start <= _last; start += Stretch)
            Within(start, Math.Min(_last, start + Stretch - 1));

        void Within(long lo, long hi)
        {
            if (RowsOf(sql, lo, hi) is { } rows)
                rows.ForEach(take);
            else if (lo < hi)
            {
                Within(lo, (lo + hi) / 2);
                Within(((lo + hi) / 2) + 1, hi);
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    long LastPosition(string file)
    {
        try
        {
            return Math.Max((long)_connection.Value("SELECT coalesce(max(position), 0) FROM entry")!, (long)_connection.Value("SELECT coalesce(max(position), 0) FROM outbox")!);
        }
        catch (SqliteException)
        {
            var log = new FileInfo(file + "-wal");
            return Math.Max(Stretch, (new FileInfo(file).Length + (log.Exists ? log.Length : 0)) / LeastEntry);
        }
    }

    List<object?[]>? RowsOf(string sql, long first, long last)
    {
        try
        {
            using var command = _connection.Command(sql, ("$first", first), ("$last", last));
            using var row = command.ExecuteReader();
            var rows = new List<object?[]>();
            while (row.Read())
                rows.Add([.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))]);
            return rows;
        }
        catch (Exception e) when (e is SqliteException or ArgumentException)
        {
            return null;
        }
    }
}
