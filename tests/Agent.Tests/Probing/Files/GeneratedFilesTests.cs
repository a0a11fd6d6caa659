using Agent.Evidence.Timelines;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;
using Agent.Tests.Probing.Files.Containers;
using Agent.Tests.Probing.Files.Generators;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

/// <summary>
/// The readers against files made by somebody who had not read them, from what is published of each format. That both
/// understood it alike is no proof that a recorder does.
/// </summary>
sealed class GeneratedFilesTests
{
    static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [TestCase(false, 0, false, 5)]
    [TestCase(true, 0, false, 5)]
    [TestCase(false, 317, false, 5)]
    [TestCase(false, 0, true, 12)]
    public void A_dhav_file_is_read(bool head, int garbage, bool sound, int perSecond)
    {
        var reading = Readings.ReadBytes(DhavGenerator.File([Seconds("15:58:30", 40)], Shanghai, new DhavShape(head, garbage, HasSound: sound, PicturesPerSecond: perSecond)));

        Assert.That(reading.State, Is.EqualTo(ContainerState.Whole), reading.Detail);
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(40).Within(0.3));
        Assert.That(reading.StatedClock, Is.EqualTo(new DateTime(2026, 11, 23, 23, 58, 30)));
        Assert.That(reading.Holes, Is.Null);
    }

    [Test]
    public void A_hole_in_a_dhav_file_over_midnight_is_told()
    {
        var reading = Readings.ReadBytes(DhavGenerator.File([Seconds("15:59:50", 20), Seconds("16:01:00", 10)], Shanghai));

        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(80).Within(0.3));
        AssertHole(reading, 20, 70);
    }

    [TestCase(false, true, 123_456)]
    [TestCase(true, true, 123_456)]
    [TestCase(false, false, 123_456)]
    [TestCase(true, true, (1L << 33) - 20 * 90_000)]
    public void A_program_stream_of_hikvision_is_read(bool head, bool maps, long firstClock)
    {
        var reading = Readings.ReadBytes(HikvisionProgramStream.File([Seconds("10:00:00", 40)], Shanghai, new HikvisionStreamShape(head, maps, FirstClock: firstClock)));

        Assert.That(reading.Format, Is.EqualTo(ContainerFormat.MpegPs));
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(40).Within(0.3));
        Assert.That(reading.StatedClock, Is.EqualTo(maps ? new DateTime(2026, 11, 23, 18, 0, 0) : null));
    }

    [TestCase(false, 0)]
    [TestCase(true, 4096)]
    [TestCase(true, 3_000_000)]
    public void A_ubv_file_with_a_hole_is_read(bool isOpen, int zeros)
    {
        var reading = Readings.ReadBytes(UbvGenerator.File([Seconds("10:00:00", 25), Seconds("10:05:00", 5)], new UbvShape(isOpen, ZerosAtEnd: zeros, HasSound: true)));

        Assert.That(reading.State, Is.EqualTo(isOpen ? ContainerState.Open : ContainerState.Whole), reading.Detail);
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(305).Within(0.3));
        Assert.That(reading.StatedStart!.Value, Is.EqualTo(FootageTree.At("10:00:00")).Within(TimeSpan.FromMilliseconds(2)));
        AssertHole(reading, 25, 300);
    }

    [Test]
    public void An_index_of_hikvision_is_read_without_what_is_stale()
    {
        using var folder = new TemporaryFolder();
        var before = Enumerable.Range(0, 9).Select(i => Seconds($"0{i}:00:00", 60)).ToList();
        HikvisionFile[] files =
        [
            new(1, [Seconds("10:00:00", 600)]) { Before = before },
            new(2, [Seconds("11:00:00", 60), Seconds("11:01:00", 60)], IsOpen: true) { Before = before },
            new(1, []) { Before = before },
        ];
        var path = folder.Write("index00.bin", HikvisionIndexGenerator.Index(files));
        File.SetLastWriteTimeUtc(path, FootageTree.At("11:02:00").UtcDateTime);

        using var reader = new BoundedReader(File.ReadAllBytes(path), CancellationToken.None);
        var listed = HikvisionIndex.Read(path, reader, Shanghai);

        Assert.That(listed.Select(f => (f.Camera, f.Range.From)), Is.EqualTo(new[]
        {
            ("ch01", FootageTree.At("10:00:00")), ("ch02", FootageTree.At("11:00:00")), ("ch02", FootageTree.At("11:01:00")), ("ch02", FootageTree.At("11:01:00")),
        }));
        Assert.That(listed[0].Range.To, Is.EqualTo(FootageTree.At("10:10:00")));
    }

    [Test]
    public void Logs_of_synology_are_read_over_noon()
    {
        var truth = Seconds("11:59:58", 5);
        using var folder = new TemporaryFolder();
        var root = RecLogGenerator.Write(folder.Path, "gate", [truth], truth.To.AddSeconds(10));

        var listed = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Where(f => SynologyRecLog.Is(f)).Order(StringComparer.Ordinal).SelectMany(path =>
        {
            using var reader = new BoundedReader(File.ReadAllBytes(path), CancellationToken.None);
            return SynologyRecLog.Read(path, reader);
        }).ToList();

        Assert.That(root, Is.Not.Empty);
        Assert.That(listed.Select(f => f.Camera).Distinct(), Is.EqualTo(new[] { "gate" }));
        Assert.That((listed[0].Range.From, listed[^1].Range.To), Is.EqualTo((truth.From, truth.To)));
        Assert.That(listed.Sum(f => f.Range.Length.TotalSeconds), Is.EqualTo(5));
    }

    static void AssertHole(ContainerReading reading, double from, double to)
    {
        Assert.That(reading.Holes, Has.Count.EqualTo(1), reading.ToString());
        Assert.That(reading.Holes![0].From.TotalSeconds, Is.EqualTo(from).Within(0.5));
        Assert.That(reading.Holes[0].To.TotalSeconds, Is.EqualTo(to).Within(0.5));
    }

    static TimeRange Seconds(string from, int length) => new(FootageTree.At(from), FootageTree.At(from).AddSeconds(length));
}
