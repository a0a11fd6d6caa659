using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// Recorders that keep an index of their own against histories that are known, through the whole look: what is listed is what was
/// recorded, to the second, or is left open where the index leaves it open; no verdict is one that the truth would not give; and as
/// long as a layout is not proven, none is met by it. RETENTION_HISTORIES says how many for each layout (60), and RETENTION_SEED
/// where to begin.
/// </summary>
internal sealed class IndexTruthTests
{
    const int CamerasATree = 4;

    static readonly int Histories = Number("RETENTION_HISTORIES", 60);
    static readonly int Seed = Number("RETENTION_SEED", 1);

    [Test]
    public void What_is_listed_is_what_was_recorded([Values("hikvision", "synology", "moonfire")] string layout)
    {
        var random = new Random(Seed);
        var (histories, doubtful, withheld, uncertain) = (0, 0, 0, 0);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (histories < Histories)
        {
            var (zone, change, now) = Truth.Moment(random);
            using var tree = new IndexedRecorder(layout, zone, now, random);
            tree.Record([.. Enumerable.Range(0, CamerasATree).Select(_ => new RandomHistory(random, now, zone, change, mayBeOpen: true))]);
            var outcome = tree.Look();
            var told = $"{layout}, seed {Seed}, history {histories}, {zone.Id}, {now:O}";

            Assert.That(outcome.Problems, Is.Empty, told);
            Assert.That(outcome.Cameras.Select(c => (c.Observation.Camera, c.Layout, c.Observation.Basis, c.Proven)), Is.EqualTo(tree.Cameras.Select(c => (c, layout, Basis.Listed, false))), told);
            Assert.That(outcome.Cameras.SelectMany(c => c.Findings), Is.Empty, told);
            DateOnly? commissioned = random.Next(2) == 0 ? null : DateOnly.FromDateTime(now.AddDays(-random.Next(4)).UtcDateTime);
            foreach (var report in Truth.Judge(tree.Recorder, zone, commissioned, outcome))
            {
                var truth = tree.TruthOf(report.Camera);
                Truth.AssertFootage(report, truth, now, told);
                if (!Truth.AssertVerdicts(report, truth, zone, now, told, verdicts))
                    doubtful++;
                Assert.That(report.Assessment.Thresholds.Select(t => t.Verdict), Has.None.AnyOf(Verdict.Met, Verdict.Maturing), told);
                withheld += Truth.Expected(report with { Evidence = report.Evidence with { Proven = true } }, truth, zone, now).Thresholds.Count(t => t.Verdict is Verdict.Met or Verdict.Maturing);
                uncertain += report.Footage!.Observation.Unseen.Count > 0 ? 1 : 0;
            }
            histories += CamerasATree;
        }

        Assert.That(doubtful, Is.LessThan(histories / 10), "nearly every history has one right answer");
        Assert.That(withheld, Is.GreaterThan(0), "some of them would be met, or nothing was held back");
        Assert.That(uncertain, layout == "hikvision" ? Is.InRange(1, histories / 2) : Is.Zero, "only an index of Hikvision leaves anything open, and not most of it");
        TestContext.Out.WriteLine($"{layout}: {histories} histories; {string.Join(", ", verdicts.Select(v => $"{v.Value} {v.Key}"))}; {withheld} not met or maturing only because the layout is unproven; "
            + $"{uncertain} with uncertain time; {doubtful} too near a budget to have one answer");
    }

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
