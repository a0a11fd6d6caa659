using System.Globalization;
using Agent.Probing.Files.Containers;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>
/// The readers against ffprobe on some hundred whole files, and on cuts of them. A cut costs a run of ffprobe, so a sample
/// of them is drawn here; RETENTION_CORPUS_CUTS says how large, and "all" takes every sixteenth of every file.
/// </summary>
sealed class CorpusTests
{
    const double WholeTolerance = 0.05;
    const double Rounding = 0.00001;
    const double OneFrame = 0.04;
    const int Cuts = 16;
    const int OrdinarySample = 32;
    static readonly ParallelOptions Few = new() { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) };

    [Test]
    public void There_are_two_hundred_files_or_more() => Assert.That(Corpus.Names.Distinct().Count(), Is.GreaterThanOrEqualTo(200));

    [Test]
    public void Every_whole_file_lasts_as_long_as_ffprobe_says()
    {
        var off = new List<string>();
        var worst = 0.0;
        Parallel.ForEach(Corpus.Files, Few, path =>
        {
            var reading = Readings.Read(path).Reading;
            var truth = SyntheticFootage.Span(path)?.SinceEarliest ?? double.NaN;
            var difference = Math.Abs(reading.Duration.TotalSeconds - truth);
            var isSound = reading.State == (path.EndsWith("live.mkv", StringComparison.Ordinal) ? ContainerState.Open : ContainerState.Whole) && reading.Holes is null;
            lock (off)
            {
                worst = Math.Max(worst, difference);
                if (!(difference <= WholeTolerance) || !isSound)
                    off.Add($"{Path.GetFileName(path)}: {reading}, {reading.Holes?.Count} holes; ffprobe {truth}");
            }
        });

        TestContext.Out.WriteLine($"{Corpus.Files.Count} files, at most {worst * 1000:0} ms apart");
        Assert.That(off, Is.Empty, string.Join("\n", off));
    }

    [Test]
    public void No_cut_file_outlasts_the_last_packet_ffprobe_reads()
    {
        var all = Corpus.Files.SelectMany(path => Enumerable.Range(1, Cuts - 1).Select(part => (Path: path, Part: part))).ToArray();
        var setting = Environment.GetEnvironmentVariable("RETENTION_CORPUS_CUTS") ?? "";
        var wanted = setting == "all" ? all.Length : int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? Math.Min(n, all.Length) : OrdinarySample;
        new Random(16).Shuffle(all);
        var beyond = new List<string>();
        var asked = 0;
        Parallel.ForEach(all[..wanted], Few, cut =>
        {
            var path = SyntheticFootage.Cut(cut.Path, new FileInfo(cut.Path).Length * cut.Part / Cuts);
            var reading = Readings.Read(path).Reading;
            var span = reading.Duration > TimeSpan.Zero ? SyntheticFootage.Span(path) : null; // Zero needs no witness.
            // Of a single packet ffprobe may not state how long it lasts, and then bears no witness beyond one frame.
            var truth = span is { Packets: 1, SinceFirst: 0 } ? OneFrame : span?.SinceFirst ?? 0;
            File.Delete(path);
            lock (beyond)
            {
                asked += reading.Duration > TimeSpan.Zero ? 1 : 0;
                if (reading.Duration.TotalSeconds > truth + Rounding || reading.State == ContainerState.Unreadable)
                    beyond.Add($"{Path.GetFileName(cut.Path)} {cut.Part}/{Cuts}: {reading}; ffprobe {truth}");
            }
        });

        TestContext.Out.WriteLine($"{wanted} cuts, {asked} with footage left");
        Assert.That(beyond, Is.Empty, string.Join("\n", beyond));
    }
}
