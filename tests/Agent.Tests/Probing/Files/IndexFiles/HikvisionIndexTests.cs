using System.Globalization;
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

    [TestCase("Asia/Shanghai", 0, 0)]
    [TestCase("Asia/Shanghai", 3, 0)]
    [TestCase("Asia/Shanghai", -8, -8)]
    [TestCase("Asia/Shanghai", -5, -8)]
    [TestCase("America/New_York", 0, 0)]
    [TestCase("America/New_York", 4, 4)]
    [TestCase("Europe/Berlin", 0, 0)]
    [TestCase("Europe/Berlin", -2, -2)]
    public void The_clock_of_its_times_is_told_by_when_it_was_written(string zone, int hoursLater, int offset)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (1_780_000_000, 1_780_000_600)).Content, 1_780_000_600 + hoursLater * 3600);

        var footage = Listed(path, TimeZoneInfo.FindSystemTimeZoneById(zone)).Single();

        Assert.That(footage.Range.From, Is.EqualTo(DateTimeOffset.FromUnixTimeSeconds(1_780_000_000).AddHours(offset)));
        Assert.That(footage.Range.Length, Is.EqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(footage.Camera, Is.EqualTo("ch00"));
    }

    [TestCase("Asia/Shanghai", 100)]
    [TestCase("Asia/Shanghai", -20)]
    [TestCase("Asia/Shanghai", 5)]
    [TestCase("America/New_York", -3)]
    public void Nothing_is_taken_from_one_whose_clock_cannot_be_told(string zone, int hoursLater)
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (1_780_000_000, 1_780_000_600)).Content, 1_780_000_600 + hoursLater * 3600);

        Assert.That(() => Listed(path, TimeZoneInfo.FindSystemTimeZoneById(zone)), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("which clock"));
    }

    /// <summary>In London's winter both clocks say the same, and what they say of the summer before does not.</summary>
    [Test]
    public void What_two_clocks_say_differently_is_uncertain()
    {
        using var folder = new TemporaryFolder();
        var (summer, winter) = (Seconds("2026-10-24T12:00:00Z"), Seconds("2026-10-26T12:00:00Z"));
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (summer, summer + 5400), (winter, winter + 600)).Content, winter + 600);

        var footage = Listed(path, TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));

        Assert.That(footage.Select(f => (f.Range.From.ToUnixTimeSeconds() - summer, f.Range.Length.TotalSeconds, f.State)), Is.EquivalentTo(new[]
        {
            (-3600L, 3600.0, ListedState.Uncertain), (0L, 1800.0, ListedState.Whole), (1800L, 3600.0, ListedState.Uncertain), ((long)winter - summer, 600.0, ListedState.Whole),
        }));
    }

    /// <summary>From 02:00 to 03:00 the clock of Berlin ran twice on that day. Seconds are counted from the first two o'clock.</summary>
    [TestCase(-600, 600, new[] { -600, 600 }, 600, 4200)]
    [TestCase(600, 1200, new int[0], 600, 4800)]
    [TestCase(3000, 600, new[] { 3000, 4200 }, 0, 0)]
    [TestCase(3000, 4000, new[] { 6600, 7600 }, 3000, 6600)]
    [TestCase(-600, 4000, new[] { -600, 7600 }, 0, 0)]
    public void An_hour_that_comes_twice_is_uncertain_as_far_as_the_order_of_its_ends_does_not_tell(int from, int to, int[] certain, int uncertainFrom, int uncertainTo)
    {
        using var folder = new TemporaryFolder();
        var two = Seconds("2026-10-25T02:00:00Z");
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, ((uint)(two + from), (uint)(two + to)), (two + 36_000, two + 36_600)).Content, two + 36_600 - 3600);
        var first = (long)two - 7200;

        var footage = Listed(path, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Where(f => f.Range.From.ToUnixTimeSeconds() < first + 20_000).ToList();

        Assert.That(footage.Where(f => f.State == ListedState.Whole).SelectMany(f => new[] { f.Range.From.ToUnixTimeSeconds() - first, f.Range.To.ToUnixTimeSeconds() - first }), Is.EqualTo(certain));
        Assert.That(footage.Where(f => f.State == ListedState.Uncertain).Select(f => (f.Range.From.ToUnixTimeSeconds() - first, f.Range.To.ToUnixTimeSeconds() - first)),
            Is.EqualTo(uncertainTo == 0 ? Array.Empty<(long, long)>() : [(uncertainFrom, uncertainTo)]));
    }

    [Test]
    public void A_segment_at_work_may_go_on_for_a_day()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (9000, 9100), (9100, 0)).Open(0, 0, 1, 9000).Content, 9110);

        var footage = Listed(path, TimeZoneInfo.Utc);

        Assert.That(footage.Select(f => (f.Range.From.ToUnixTimeSeconds(), f.Range.To.ToUnixTimeSeconds(), f.State)), Is.EqualTo(new[]
        {
            (9000L, 9100L, ListedState.Whole), (9100L, 9100L, ListedState.Open), (9100L, 9100L + 86_400, ListedState.Uncertain),
        }));
    }

    [Test]
    public void A_segment_of_longer_than_a_day_proves_nothing_and_hides_what_it_claims()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "index00.bin", new HikvisionBytes(1).File(0, 0, (1000, 1000 + 86_401)).Content, 1000 + 86_401);

        Assert.That(Listed(path, TimeZoneInfo.Utc).Select(f => (f.Range.From.ToUnixTimeSeconds(), f.Range.To.ToUnixTimeSeconds(), f.State)), Is.EqualTo(new[] { (1000L, 87_401L, ListedState.Uncertain) }));
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

        var footage = HikvisionIndex.Read(path, null, TimeZoneInfo.Utc);

        Assert.That(footage.Select(f => (f.Range.From.ToUnixTimeSeconds(), f.Range.To.ToUnixTimeSeconds(), f.Bytes, f.State)),
            Is.EqualTo(new[] { (1000L, 2000L, 900L, ListedState.Whole), (2000L, 2000L, 100L, ListedState.Open), (2000L, 2000L + 86_400, 0L, ListedState.Uncertain) }));
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

    static uint Seconds(string instant) => (uint)DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    static List<HikvisionSegment> Read(byte[] content)
    {
        using var reader = new BoundedReader(content, CancellationToken.None);
        return HikvisionIndexFile.Read(reader);
    }

    static IReadOnlyList<ListedFootage> Listed(string path, TimeZoneInfo zone)
    {
        using var reader = new BoundedReader(File.ReadAllBytes(path), CancellationToken.None);
        return HikvisionIndex.Read(path, reader, zone);
    }

    static string Write(TemporaryFolder folder, string name, byte[] content, long written)
    {
        var path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, DateTimeOffset.FromUnixTimeSeconds(written).UtcDateTime);
        return path;
    }
}
