using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>
/// The readers against an independent one. Whole files must agree; of cut files the promise is one-sided: never a
/// moment beyond what ffprobe still reads.
/// </summary>
sealed class AgainstFfprobeTests
{
    const double WholeTolerance = 0.05;
    const double Rounding = 0.00001; // ffprobe prints microseconds, and two of them are added up.
    const int Cuts = 16;

    /// <summary>Cut at every sixteenth; the others at three of them, because every cut costs a run of ffprobe.</summary>
    static readonly string[] CutOften =
    [
        "ntsc-b-frames.mp4", "faststart-sound.mp4", "fragments-long-gop.mp4", "fragments-dash.mp4", "fragments-many.mp4",
        "ntsc-b-frames.ts", "hevc.ts", "h264-sound.mkv", "live.mkv",
    ];

    static IEnumerable<TestCaseData> All =>
        new[]
        {
            (ContainerFormat.Mp4, Recipes.Mp4),
            (ContainerFormat.FragmentedMp4, Recipes.FragmentedMp4),
            (ContainerFormat.MpegTs, Recipes.MpegTs),
            (ContainerFormat.Matroska, Recipes.Matroska),
        }.SelectMany(kind => kind.Item2.Keys.Select(name => new TestCaseData(name, (int)kind.Item1).SetArgDisplayNames(name)));

    [TestCaseSource(nameof(All))]
    public void A_whole_file_lasts_as_long_as_ffprobe_says(string name, int format)
    {
        var path = Recipes.Make(name);
        var truth = SyntheticFootage.Span(path)!;

        var (reading, reads, bytes) = Readings.Read(path);

        TestContext.Out.WriteLine($"{name}: {reading} in {reads} reads, {bytes} bytes of {new FileInfo(path).Length}; ffprobe {truth}");
        Assert.That(reading.Format, Is.EqualTo((ContainerFormat)format));
        Assert.That(reading.State, Is.EqualTo(name == "live.mkv" ? ContainerState.Open : ContainerState.Whole), reading.Detail);
        Assert.That(reading.Duration.TotalSeconds, Is.EqualTo(truth.SinceEarliest).Within(WholeTolerance));
    }

    [TestCaseSource(nameof(All))]
    public void A_cut_file_never_outlasts_the_last_packet_ffprobe_reads(string name, int format)
    {
        var path = Recipes.Make(name);
        var length = new FileInfo(path).Length;
        var wholeSpan = SyntheticFootage.Span(path)!.SinceEarliest;

        Assert.Multiple(() =>
        {
            for (var i = 1; i < Cuts; i += CutOften.Contains(name) ? 1 : 5)
            {
                var cut = SyntheticFootage.Cut(path, length * i / Cuts);
                var (reading, reads, _) = Readings.Read(cut);
                var truth = reading.Duration > TimeSpan.Zero ? SyntheticFootage.Span(cut) : null; // Zero needs no witness.

                TestContext.Out.WriteLine($"{i}/{Cuts}: {reading} in {reads} reads; ffprobe {truth}");
                Assert.That(reading.Format, Is.EqualTo((ContainerFormat)format).Or.EqualTo(ContainerFormat.Mp4), $"{i}/{Cuts}");
                Assert.That(reading.State, Is.Not.EqualTo(ContainerState.Unreadable), $"{i}/{Cuts}: {reading.Detail}");
                Assert.That(reading.Duration.TotalSeconds, Is.LessThanOrEqualTo((truth?.SinceFirst ?? 0) + Rounding), $"{i}/{Cuts}");
                Assert.That(reading.Duration.TotalSeconds, Is.LessThanOrEqualTo(wholeSpan + Rounding), $"{i}/{Cuts}");
                File.Delete(cut);
            }
        });
    }
}
