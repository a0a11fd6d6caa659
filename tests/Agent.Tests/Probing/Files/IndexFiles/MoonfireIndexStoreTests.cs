using Agent.Probing.Files.IndexFiles;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.IndexFiles;

sealed class MoonfireIndexStoreTests
{
    const long Start = 1_780_000_000;

    const string Schema = """
        CREATE TABLE camera (id INTEGER PRIMARY KEY, uuid BLOB, short_name TEXT NOT NULL);
        CREATE TABLE stream (id INTEGER PRIMARY KEY, camera_id INTEGER NOT NULL, type TEXT NOT NULL);
        CREATE TABLE recording (composite_id INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL, sample_file_bytes INTEGER NOT NULL,
            start_time_90k INTEGER NOT NULL, wall_duration_90k INTEGER NOT NULL);
        INSERT INTO camera VALUES (1, x'00', 'front'), (2, x'01', 'back');
        INSERT INTO stream VALUES (1, 1, 'main'), (2, 1, 'sub'), (3, 2, 'main');
        """;

    [Test]
    public void Its_recordings_are_footage_of_their_cameras()
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, "db", "");

        var footage = MoonfireIndexStore.Read(path);

        Assert.That(footage.Select(f => (f.Camera, f.Range.From.ToUnixTimeSeconds() - Start, f.Range.Length.TotalSeconds, f.Bytes)), Is.EquivalentTo(new[]
        {
            ("front", 0L, 60.0, 1000L), ("front", 60L, 60.5, 2000L), ("front (sub)", 0L, 60.0, 10L), ("back", 120L, 60.0, 5L), ("stream 9", 0L, 1.0, 1L),
        }));
    }

    [Test]
    public void Nothing_is_written_beside_it_and_no_name_leads_elsewhere()
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, "a?mode=rwc#%41", "");
        SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var before = (File.GetLastWriteTimeUtc(path), new FileInfo(path).Length);

        Assert.That(MoonfireIndexStore.Read(path), Is.Not.Empty);

        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(new[] { path }));
        Assert.That((File.GetLastWriteTimeUtc(path), new FileInfo(path).Length), Is.EqualTo(before));
        SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public void What_still_lies_in_its_log_is_seen_and_the_log_stays_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, "db", "");
        using var writer = new SqliteConnection($"Data Source={path};Pooling=False");
        writer.Open();
        Run(writer, "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;");
        Run(writer, $"INSERT INTO recording VALUES (77, 3, 5, {(Start + 900) * 90_000}, {60 * 90_000});");
        var log = File.ReadAllBytes(path + "-wal");
        var main = File.ReadAllBytes(path);
        var entries = Directory.GetFileSystemEntries(folder.Path);

        var footage = MoonfireIndexStore.Read(path);

        Assert.That(footage.Max(f => f.Range.From.ToUnixTimeSeconds()), Is.EqualTo(Start + 900));
        Assert.That(File.ReadAllBytes(path + "-wal"), Is.EqualTo(log));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(main));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EquivalentTo(entries));
    }

    [Test]
    public void What_is_no_such_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "db");
        File.WriteAllBytes(path, new byte[5000]);
        Assert.That(() => MoonfireIndexStore.Read(path), Throws.InstanceOf<InvalidDataException>());

        File.Delete(path);
        File.WriteAllText(path, "");
        Assert.That(() => MoonfireIndexStore.Read(path), Throws.InstanceOf<InvalidDataException>());
    }

    /// <summary>A table of the right name that is a program in truth, and one that never ends.</summary>
    [Test]
    public void A_database_that_would_work_for_ever_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, "db", """
            ALTER TABLE recording RENAME TO other;
            CREATE VIEW recording AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 1 stream_id, i start_time_90k, i wall_duration_90k, 1 sample_file_bytes FROM n;
            """);

        Assert.That(() => MoonfireIndexStore.Read(path), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void An_older_one_is_read_by_its_older_column()
    {
        using var folder = new TemporaryFolder();
        var path = Make(folder, "db", "ALTER TABLE recording RENAME COLUMN wall_duration_90k TO duration_90k;");

        Assert.That(MoonfireIndexStore.Read(path), Has.Count.EqualTo(5));
    }

    static void SetMode(TemporaryFolder folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, mode);
    }

    internal static byte[] Database()
    {
        using var folder = new TemporaryFolder();
        return File.ReadAllBytes(Make(folder, "db", ""));
    }

    static string Make(TemporaryFolder folder, string name, string further)
    {
        var path = Path.Combine(folder.Path, "made");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            Run(connection, Schema);
            Run(connection, $"""
                INSERT INTO recording VALUES (1, 1, 1000, {Start * 90_000}, {60 * 90_000}), (2, 1, 2000, {(Start + 60) * 90_000}, {60 * 90_000 + 45_000}),
                    (3, 2, 10, {Start * 90_000}, {60 * 90_000}), (4, 3, 5, {(Start + 120) * 90_000}, {60 * 90_000}), (5, 9, 1, {Start * 90_000}, 90000),
                    (6, 1, 1, {Start * 90_000}, 0), (7, 1, 1, -5, 90000);
                """);
            if (further.Length > 0)
                Run(connection, further);
        }

        File.Move(path, Path.Combine(folder.Path, name));
        return Path.Combine(folder.Path, name);
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
