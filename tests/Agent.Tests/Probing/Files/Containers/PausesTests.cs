using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>A camera that stalls while its recorder keeps the file open: what is missing must not count as recorded.</summary>
sealed class PausesTests
{
    const double Tolerance = 0.15;

    static readonly string[] X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", "25"];
    static readonly string[] BFrames = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", "50", "-bf", "2"];
    static readonly string[] Mpeg2 = ["-c:v", "mpeg2video", "-qscale:v", "2", "-g", "12"];

    static readonly Dictionary<string, string[]> Recipes = new()
    {
        ["faststart.mp4"] = [.. X264, "-movflags", "+faststart"],
        ["at-end.mp4"] = X264,
        ["b-frames.mp4"] = [.. BFrames, "-movflags", "+faststart"],
        ["fragments.mp4"] = [.. X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
        ["fragments-by-time.mp4"] = [.. BFrames, "-movflags", "empty_moov+default_base_moof", "-frag_duration", "3000000"],
        ["fragments-many.mp4"] = [.. X264, "-movflags", "empty_moov+default_base_moof", "-frag_duration", "200000"],
        ["fragments-dash.mp4"] = [.. X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof+dash+global_sidx"],
        ["indexed.mkv"] = X264,
        ["long-gop.mkv"] = [.. BFrames, "-g", "250"],
        ["small-clusters.mkv"] = [.. BFrames, "-g", "250", "-cluster_time_limit", "1000"],
        ["live.mkv"] = [.. X264, "-live", "1", "-f", "matroska"],
        ["small.ts"] = X264,
        ["b-frames.ts"] = BFrames,
        ["mpeg2.mpg"] = [.. Mpeg2, "-f", "vob"],
        ["h264.vob"] = [.. X264, "-f", "vob"],
        ["mpeg1.mpg"] = ["-c:v", "mpeg1video", "-f", "mpeg"],
        ["pictures.avi"] = ["-c:v", "mjpeg"],
        ["h264.avi"] = X264,
    };

    static IEnumerable<string> Names => Recipes.Keys;

    [TestCaseSource(nameof(Names))]
    public void What_a_stalled_camera_left_out_is_told(string name)
    {
        var reading = Read("stalled-" + name, 2, 7, Recipes[name]);

        // A pack of a program stream holds several of these small pictures, and tells the time of the first.
        var tolerance = reading.Format == ContainerFormat.MpegPs ? 0.5 : Tolerance;
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(13).Within(tolerance), reading.ToString());
        AssertHoles(reading, tolerance, (2, 9));
    }

    [TestCaseSource(nameof(Names))]
    public void A_file_without_a_pause_has_none(string name) =>
        Assert.That(Read("steady-" + name, 2, 0, Recipes[name]).Holes, Is.Null);

    [TestCase("faststart.mp4")]
    [TestCase("fragments.mp4")]
    [TestCase("long-gop.mkv")]
    [TestCase("small.ts")]
    public void A_pause_of_a_second_is_none(string name) =>
        Assert.That(Read("short-" + name, 2, 1, Recipes[name]).Holes, Is.Null);

    [Test]
    public void Frames_left_out_by_a_filter_are_missing_in_a_file_with_uneven_times()
    {
        var path = SyntheticFootage.Make("selected.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=20",
            "-vf", "select='not(between(t,4,9.99))*not(between(t,15,18.01))'", "-vsync", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", "-movflags", "+faststart");

        AssertHoles(Readings.Read(path).Reading, (4, 10), (15, 18.04));
    }

    /// <summary>Too large to be read whole: what is missing in the middle must be found by samples.</summary>
    [TestCase("long.ts", "-f", "mpegts")]
    [TestCase("long.vob", "-f", "vob")]
    public void A_pause_deep_inside_a_long_stream_is_found(string name, params string[] format)
    {
        foreach (var (after, pause) in new[] { (31, 7), (45, 1200) })
        {
            var path = Noisy($"{pause}-{name}", after, pause, format);

            var (reading, reads, bytes) = Readings.Read(path);

            TestContext.Out.WriteLine($"{reading.Detail} {reads} reads, {bytes} bytes of {new FileInfo(path).Length}");
            Assert.That(new FileInfo(path).Length, Is.GreaterThan(6_000_000));
            AssertHoles(reading, (after, after + pause));
            Assert.That(bytes, Is.LessThan(new FileInfo(path).Length / 2 + 1_000_000));
        }
    }

    [TestCase("long.ts", "-f", "mpegts")]
    [TestCase("long.vob", "-f", "vob")]
    public void A_long_stream_without_a_pause_has_none(string name, params string[] format) =>
        Assert.That(Readings.Read(Noisy("none-" + name, 30, 0, format)).Reading.Holes, Is.Null);

    [Test]
    public void Pauses_cut_off_with_the_file_are_not_told()
    {
        var path = SyntheticFootage.Make("stalled-cut.mp4", Arguments(2, 7, Recipes["fragments.mp4"]));
        var whole = Readings.Read(path).Reading;
        Assert.That(whole.Holes, Has.Count.EqualTo(1));

        for (var i = 1; i < 16; i++)
        {
            var cut = SyntheticFootage.Cut(path, new FileInfo(path).Length * i / 16);
            var reading = Readings.Read(cut).Reading;
            Assert.That((reading.Holes ?? []).All(h => h.To <= reading.Duration && h.From < h.To), $"{i}/16: {reading}");
            File.Delete(cut);
        }
    }

    [Test]
    public void A_file_of_nothing_but_pauses_does_not_make_us_hold_more()
    {
        var holes = new MediaHoles(1000);

        holes.Steps(0, 100_000, 200_000); // Slower than any camera's pace.

        var told = holes.Within(TimeSpan.FromDays(300))!;
        Assert.That(told, Has.Count.EqualTo(MediaHoles.Most));
        Assert.That(told[^1].To, Is.EqualTo(TimeSpan.FromSeconds(20_000_000)));
    }

    static ContainerReading Read(string name, int after, int pause, string[] recipe) =>
        Readings.Read(SyntheticFootage.Make(name, Arguments(after, pause, recipe))).Reading;

    static string[] Arguments(int after, int pause, string[] recipe) =>
    [
        "-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=6", "-vf", $"setpts='PTS+gte(N,{after * 25})*{pause}/TB'",
        .. recipe.Contains("mjpeg") || recipe.Contains("libx264") && recipe.Length == X264.Length ? (string[])["-vsync", "vfr"] : ["-vsync", "passthrough"], .. recipe,
    ];

    static string Noisy(string name, int after, int pause, string[] format) => SyntheticFootage.Make(name,
    [
        "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=60,noise=alls=60:allf=t", "-vf", $"setpts='PTS+gte(N,{after * 25})*{pause}/TB'",
        "-vsync", "passthrough", .. Mpeg2, .. format,
    ]);

    static void AssertHoles(ContainerReading reading, params (double From, double To)[] expected) => AssertHoles(reading, Tolerance, expected);

    static void AssertHoles(ContainerReading reading, double tolerance, params (double From, double To)[] expected)
    {
        var told = reading.Holes ?? [];
        Assert.That(told, Has.Count.EqualTo(expected.Length), $"{reading}: {string.Join(", ", told)}");
        foreach (var (hole, (from, to)) in told.Zip(expected))
        {
            Assert.That(hole.From.TotalSeconds, Is.EqualTo(from).Within(tolerance), hole.ToString());
            Assert.That(hole.To.TotalSeconds, Is.EqualTo(to).Within(tolerance), hole.ToString());
        }
    }
}
