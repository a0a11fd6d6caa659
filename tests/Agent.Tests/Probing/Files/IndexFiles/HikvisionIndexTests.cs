using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.IndexFiles;

sealed class HikvisionIndexTests
{
    static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Test]
    public void Only_counted_segments_of_a_file_are_footage()
    {
        var content = new HikvisionBytes(3).File(0, 0, (1000, 2000), (2000, 3000)).File(2, 0, (500, 900))
            .Segment(0, 2, 10, 90).Segment(1, 0, 20, 80).Content;

        var segments = Read(content);

        Assert.That(segments.Select(s => (s.Start, s.End, s.Bytes)), Is.EqualTo(new[] { (1000u, 2000u, 900L), (2000u, 3000u, 900L), (500u, 900u, 900L) }));
    }

    [Test]
    public void Of_the_file_being_written_the_header_counts_and_not_its_own_entry()
    {
        // Its entry is from the time before: five segments, of which two are written anew and three are stale.
        var content = new HikvisionBytes(1).File(0, 0, (9000, 9100), (9100, 9200), (300, 400), (400, 500), (500, 600)).Open(0, 0, 2, 9000).Content;

        Assert.That(Read(content).Select(s => s.Start), Is.EqualTo(new[] { 9000u, 9100u }));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_segment_without_an_end_is_still_open(int counted)
    {
        var content = new HikvisionBytes(1).File(0, 0, (9000, 9100), (9100, 0), (300, 400)).Open(0, 0, counted, 9000).Content;

        var segments = Read(content);

        Assert.That(segments.Select(s => (s.Start, s.IsOpen)), Is.EqualTo(new[] { (9000u, false), (9100u, true) }));
    }

    [Test]
    public void What_contradicts_itself_is_refused()
    {
        var content = new HikvisionBytes(2).File(0, 0, (1000, 2000)).Content;

        Assert.That(() => Read(content[..^1]), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => Read(content[..1000]), Throws.InstanceOf<InvalidDataException>());
        content[8] = 200;
        Assert.That(() => Read(content), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("version"));
    }

    [Test]
    public void The_copy_stands_in_for_a_damaged_index()
    {
        using var folder = new TemporaryFolder();
        var content = new HikvisionBytes(1).File(0, 0, (1_780_000_000, 1_780_000_600)).Content;
        var path = Write(folder, "index00.bin", content[..2000], 1_780_000_600);

        Assert.That(() => Listed(path, Shanghai), Throws.InstanceOf<InvalidDataException>());
        Write(folder, "index01.bin", content, 1_780_000_600);
        Assert.That(Listed(path, Shanghai), Has.Count.EqualTo(1));
    }

    [TestCase(0, false)]
    [TestCase(-8, true)]
    [TestCase(100, true)]
    public void The_clock_of_its_times_is_told_by_when_it_was_written(int hoursLater, bool isLocal)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (1_780_000_000, 1_780_000_600)).Content, 1_780_000_600 + hoursLater * 3600);

        var footage = Listed(path, Shanghai).Single();

        Assert.That(footage.Range.From, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_780_000_000).AddHours(isLocal ? -8 : 0)));
        Assert.That(footage.Range.Length, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(footage.Camera, Is.EqualTo("gate"));
    }

    [Test]
    public void Several_cameras_go_by_their_numbers()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(2).File(0, 3, (1000, 2000)).File(1, 11, (1000, 2000)).Content, 2000);

        Assert.That(Listed(path, TimeZoneInfo.Utc).Select(f => f.Camera), Is.EquivalentTo(new[] { "ch03", "ch11" }));
    }

    [Test]
    public void A_database_of_newer_firmware_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "record_db_index00");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE record_segment_idx_tb(file_no INTEGER, start_offset INTEGER, end_offset INTEGER, start_time_tv_sec INTEGER, end_time_tv_sec INTEGER, record_type INTEGER);
                INSERT INTO record_segment_idx_tb VALUES (0, 0, 900, 1000, 2000, 1), (0, 900, 1000, 2000, 0, 1), (0, 0, 0, 50, 60, 0), (1, 0, 0, 'x', NULL, 2);
                """;
            command.ExecuteNonQuery();
        }

        var footage = HikvisionIndex.Read(path, null, "gate", TimeZoneInfo.Utc);

        Assert.That(footage.Select(f => (f.Range.From.ToUnixTimeSeconds(), f.Range.To.ToUnixTimeSeconds(), f.Bytes, f.IsOpen)),
            Is.EqualTo(new[] { (1000L, 2000L, 900L, false), (2000L, 2000L, 100L, true) }));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void It_is_known_by_its_name()
    {
        Assert.That(HikvisionIndex.Is("datadir0/index00.bin"), Is.True);
        Assert.That(HikvisionIndex.Is("record_db_index00"), Is.True);
        Assert.That(HikvisionIndex.Is("datadir0/index00p.bin"), Is.False);
        Assert.That(HikvisionIndex.Is("datadir0/index01.bin"), Is.False);
    }

    static List<HikvisionSegment> Read(byte[] content)
    {
        using var reader = new BoundedReader(content, CancellationToken.None);
        return HikvisionIndexFile.Read(reader);
    }

    static IReadOnlyList<ListedFootage> Listed(string path, TimeZoneInfo zone)
    {
        using var reader = new BoundedReader(File.ReadAllBytes(path), CancellationToken.None);
        return HikvisionIndex.Read(path, reader, "gate", zone);
    }

    static string Write(TemporaryFolder folder, string name, byte[] content, long written)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeSeconds(written).UtcDateTime);
        return path;
    }
}
