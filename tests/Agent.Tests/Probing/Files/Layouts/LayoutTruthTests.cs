using System.Globalization;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// Every layout against histories that are known, written as trees of real files: what is measured is what was recorded, to the
/// second, and no verdict is one that the truth would not give. RETENTION_HISTORIES says how many for each layout (200), and
/// RETENTION_SEED where to begin.
/// </summary>
internal sealed class LayoutTruthTests
{
    const int CamerasATree = 4;

    static readonly int Histories = Number("RETENTION_HISTORIES", 200);
    static readonly int Seed = Number("RETENTION_SEED", 1);

    static IEnumerable<string> Layouts => WrittenNames.Of.Keys;

    [Test]
    public void The_files_that_are_copied_are_as_long_as_they_are_said_to_be([Values("mp4", "fmp4", "sidx", "mkv")] string kind)
    {
        SyntheticFootage.Require();
        foreach (var seconds in RandomHistory.Lengths)
            Assert.That(SyntheticFootage.Span(MasterFiles.Of(kind, seconds))!.SinceFirst, Is.EqualTo(seconds).Within(0.05));
    }

    [TestCaseSource(nameof(Layouts))]
    public void What_is_measured_is_what_was_recorded(string layout)
    {
        SyntheticFootage.Require();
        var random = new Random(Seed);
        var (histories, files, doubtful) = (0, 0, 0);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (histories < Histories)
        {
            var (zone, change, now) = Truth.Moment(random);
            using var tree = new RecorderTree(layout, zone, now, random);
            foreach (var camera in Cameras)
                tree.Record(camera, new RandomHistory(random, now, zone, change, RecorderTree.ShowsOpenFiles(layout)).Segments);
            var outcome = tree.Look();
            var told = $"{layout}, seed {Seed}, history {histories}, {zone.Id}, {now:O}";

            Assert.That(outcome.Problems, Is.Empty, told);
            Assert.That(outcome.Cameras.Select(c => c.Layout).Distinct(), Is.EqualTo(new[] { layout }), told);
            Assert.That(outcome.Cameras.Select(c => c.Observation.Camera), Is.EqualTo(Cameras), told);
            // Histories overlap on purpose; whether that is told is another test's.
            Assert.That(outcome.Cameras.SelectMany(c => c.Findings).Where(f => f.Code != FindingCode.SegmentsOverlap), Is.Empty, told);
            DateOnly? commissioned = random.Next(2) == 0 ? null : DateOnly.FromDateTime(now.AddDays(-random.Next(4)).UtcDateTime);
            var reports = Truth.Judge(tree.Recorder, zone, commissioned, outcome);
            foreach (var report in reports)
            {
                var truth = tree.TruthOf(report.Camera);
                Truth.AssertFootage(report, truth, now, told);
                Assert.That(report.Footage!.Observation.Unseen, Is.Empty, told);
                if (!Truth.AssertVerdicts(report, truth, zone, now, told, verdicts))
                    doubtful++;
            }
            histories += CamerasATree;
            files += tree.Files;
        }
        Assert.That(doubtful, Is.LessThan(histories / 10), "nearly every history has one right answer");
        TestContext.Out.WriteLine($"{layout}: {histories} histories, {files} files; {string.Join(", ", verdicts.Select(v => $"{v.Value} {v.Key}"))}; {doubtful} too near a budget to have one answer");
    }

    static string[] Cameras => [.. Enumerable.Range(1, CamerasATree).Select(i => $"cam-{i}")];

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
