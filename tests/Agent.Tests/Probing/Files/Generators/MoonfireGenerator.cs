using System.Globalization;
using Agent.Evidence.Timelines;
using Microsoft.Data.Sqlite;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// Moonfire NVR's database <c>db/db</c> (schema of version 7): cameras, one or two streams of each, and one row for every recording, of
/// about a minute and never more than five; times are 90,000 a second since 1970. What was recorded since the last flush is in no row.
/// Sample files are raw, in a folder beside it, named by sixteen hexadecimal digits.
/// </summary>
/// <remarks>The database is kept in a write-ahead log, where its newest rows lie until somebody tidies up.</remarks>
sealed class MoonfireGenerator : IDisposable
{
    const int UnitsPerSecond = 90_000;
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly SqliteConnection _connection;
    readonly string _root;
    long _streams;
    long _recordings;

    /// <param name="root">Folder that holds the database's folder and the samples.</param>
    /// <param name="logs">Leave everything in the log for as long as this lives.</param>
    internal MoonfireGenerator(string root, bool logs)
    {
        _root = root;
        Directory.CreateDirectory(Path.Combine(root, "db"));
        Directory.CreateDirectory(Path.Combine(root, "sample"));
        _connection = new SqliteConnection($"Data Source={Path.Combine(root, "db", "db")};Pooling=False");
        _connection.Open();
        Run("""
            CREATE TABLE camera (id INTEGER PRIMARY KEY, uuid BLOB UNIQUE NOT NULL, short_name TEXT NOT NULL, config TEXT NOT NULL);
            CREATE TABLE stream (id INTEGER PRIMARY KEY, camera_id INTEGER NOT NULL, sample_file_dir_id INTEGER, type TEXT NOT NULL, config TEXT NOT NULL, cum_recordings INTEGER NOT NULL);
            CREATE TABLE recording (composite_id INTEGER PRIMARY KEY, open_id INTEGER NOT NULL, stream_id INTEGER NOT NULL, run_offset INTEGER NOT NULL, flags INTEGER NOT NULL,
                sample_file_bytes INTEGER NOT NULL, start_time_90k INTEGER NOT NULL, wall_duration_90k INTEGER NOT NULL, media_duration_delta_90k INTEGER NOT NULL, end_reason TEXT);
            CREATE INDEX recording_cover ON recording (stream_id, start_time_90k, wall_duration_90k, sample_file_bytes);
            CREATE TABLE garbage (sample_file_dir_id INTEGER NOT NULL, composite_id INTEGER NOT NULL, PRIMARY KEY (sample_file_dir_id, composite_id)) WITHOUT ROWID;
            """);
        if (logs)
            Run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
    }

    /// <summary>Writes one stream; a camera of that name is made when there is none.</summary>
    /// <param name="camera">Its name.</param>
    /// <param name="type">main or sub.</param>
    /// <param name="runs">What was recorded, each in pieces of a minute.</param>
    internal void Record(string camera, string type, IEnumerable<TimeRange> runs)
    {
        Run("INSERT INTO camera SELECT (SELECT COALESCE(MAX(id), 0) + 1 FROM camera), randomblob(16), $name, '{}' WHERE NOT EXISTS (SELECT 1 FROM camera WHERE short_name = $name)", ("$name", camera));
        Run("INSERT INTO stream SELECT $id, id, 1, $type, '{}', 0 FROM camera WHERE short_name = $name", ("$id", ++_streams), ("$type", type), ("$name", camera));
        using var transaction = _connection.BeginTransaction();
        using var row = _connection.CreateCommand();
        row.Transaction = transaction;
        row.CommandText = "INSERT INTO recording VALUES ($id, 1, $stream, $run, $flags, 100000, $start, $length, 0, NULL)";
        foreach (var name in (string[])["$id", "$stream", "$run", "$flags", "$start", "$length"])
            row.Parameters.Add(name, SqliteType.Integer);
        foreach (var run in runs)
            for (var (from, offset) = (run.From, 0); from < run.To; from += Minute, offset++)
            {
                var to = run.To - from < Minute ? run.To : from + Minute;
                (row.Parameters[0].Value, row.Parameters[1].Value, row.Parameters[2].Value) = ((_streams << 32) + _recordings++, _streams, offset);
                (row.Parameters[3].Value, row.Parameters[4].Value, row.Parameters[5].Value) = (to == run.To ? 1 : 0, Units(from), Units(to) - Units(from));
                row.ExecuteNonQuery();
            }
        transaction.Commit();
        File.WriteAllBytes(Path.Combine(_root, "sample", (_streams << 32).ToString("x16", CultureInfo.InvariantCulture)), [0, 0, 0, 1]);
    }

    /// <summary>Removes what is older of the stream written last, as when room is needed.</summary>
    internal void Forget(DateTimeOffset before) => Run("""
        INSERT INTO garbage SELECT 1, composite_id FROM recording WHERE stream_id = $stream AND start_time_90k < $before;
        DELETE FROM recording WHERE stream_id = $stream AND start_time_90k < $before;
        """, ("$stream", _streams), ("$before", Units(before)));

    public void Dispose() => _connection.Dispose();

    static long Units(DateTimeOffset at) => (long)((Int128)(at - DateTimeOffset.UnixEpoch).Ticks * UnitsPerSecond / TimeSpan.TicksPerSecond);

    void Run(string sql, params (string Name, object Value)[] values)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
