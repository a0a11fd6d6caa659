using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Recorders;
using Agent.Rounds;
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

    static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Doubt = TimeSpan.FromSeconds(20);
    static readonly int Histories = Number("RETENTION_HISTORIES", 200);
    static readonly int Seed = Number("RETENTION_SEED", 1);

    // Where and when clocks change: forward, back, by half an hour, never.
    static readonly (string Zone, string? Change)[] Clocks =
    [
        ("Asia/Shanghai", null),
        ("Europe/Berlin", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ];

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
        var random = new Random(HashCode.Combine(Seed));
        var (histories, files, doubtful) = (0, 0, 0);
        var verdicts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        while (histories < Histories)
        {
            var (zone, change, now) = Moment(random);
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
            var reports = Judge(tree.Recorder, zone, commissioned, outcome, TimeSpan.Zero);
            foreach (var report in reports)
            {
                var truth = tree.TruthOf(report.Camera);
                AssertFootage(report, truth, now, told);
                if (!AssertVerdicts(report, truth, zone, commissioned, now, told, verdicts))
                    doubtful++;
            }
            histories += CamerasATree;
            files += tree.Files;
        }
        Assert.That(doubtful, Is.LessThan(histories / 10), "nearly every history has one right answer");
        TestContext.Out.WriteLine($"{layout}: {histories} histories, {files} files; {string.Join(", ", verdicts.Select(v => $"{v.Value} {v.Key}"))}; {doubtful} too near a budget to have one answer");
    }

    static string[] Cameras => [.. Enumerable.Range(1, CamerasATree).Select(i => $"cam-{i}")];

    /// <summary>Every range, and so every gap, and what follows from them.</summary>
    static void AssertFootage(CameraReport report, RangeSet truth, DateTimeOffset now, string told)
    {
        var measured = report.Footage!.Observation.Recorded;
        Assert.That(measured.Count, Is.EqualTo(truth.Count), () => $"{told}, {report.Camera}: {string.Join(" ", measured.Select(Written))} is not {string.Join(" ", truth.Select(Written))}");
        for (var i = 0; i < truth.Count; i++)
        {
            Assert.That(measured[i].From, Is.EqualTo(truth[i].From).Within(Accuracy), told);
            Assert.That(measured[i].To, Is.EqualTo(truth[i].To).Within(Accuracy), told);
        }
        var day = new TimeRange(now.AddDays(-1), now);
        Assert.That(report.Assessment.Reach, Is.EqualTo(now - truth[0].From).Within(Accuracy), told);
        Assert.That(measured.Clip(day).Length, Is.EqualTo(truth.Clip(day).Length).Within(Accuracy * (truth.Count + 1)), told);
        Assert.That(report.Footage.Observation.Unseen, Is.Empty, told);
    }

    /// <summary>The verdicts the truth gives; false when a budget is so nearly spent that a second more or less decides.</summary>
    static bool AssertVerdicts(CameraReport report, RangeSet truth, TimeZoneInfo zone, DateOnly? commissioned, DateTimeOffset now, string told, SortedDictionary<string, int> verdicts)
    {
        var (exact, less, more) = (Expected(report, truth, zone, commissioned, now, TimeSpan.Zero), Expected(report, truth, zone, commissioned, now, -Doubt), Expected(report, truth, zone, commissioned, now, Doubt));
        if (!exact.Thresholds.Select(Verdicts).SequenceEqual(less.Thresholds.Select(Verdicts)) || !exact.Thresholds.Select(Verdicts).SequenceEqual(more.Thresholds.Select(Verdicts))
            || exact.ContinuousSince != less.ContinuousSince || exact.ContinuousSince != more.ContinuousSince)
            return false;

        Assert.That(report.Assessment.Thresholds.Select(Verdicts), Is.EqualTo(exact.Thresholds.Select(Verdicts)), $"{told}, {report.Camera}");
        Assert.That(report.Assessment.ContinuousAge, Is.EqualTo(exact.ContinuousAge).Within(Accuracy), $"{told}, {report.Camera}");
        Assert.That(report.Assessment.ContinuousAgeAtMost, Is.EqualTo(exact.ContinuousAgeAtMost).Within(Accuracy), $"{told}, {report.Camera}");
        foreach (var threshold in exact.Thresholds)
            verdicts[threshold.Verdict.ToString()] = verdicts.GetValueOrDefault(threshold.Verdict.ToString()) + 1;
        return true;
    }

    static CameraAssessment Expected(CameraReport report, RangeSet truth, TimeZoneInfo zone, DateOnly? commissioned, DateTimeOffset now, TimeSpan budget)
    {
        var window = report.Evidence.Timeline.Window;
        var seen = truth[0].From < window.From ? new TimeRange(truth[0].From, now) : window;
        var evidence = report.Evidence with { Timeline = Timeline.Of(seen, truth, RangeSet.Empty, RangeSet.Empty) };
        var policy = report.Policy with { DailyLoss = report.Policy.DailyLoss + budget, WeeklyLoss = report.Policy.WeeklyLoss + budget };
        return RetentionAssessor.Assess(evidence, policy, new SiteCalendar(zone), now);
    }

    static IReadOnlyList<CameraReport> Judge(Recorder recorder, TimeZoneInfo zone, DateOnly? commissioned, Agent.Probing.ProbeOutcome outcome, TimeSpan budget) =>
        new Measurement(new PolicyOptions { RequiredDays = 1, DailyLoss = TimeSpan.FromMinutes(30) + budget }, new SiteCalendar(zone), commissioned).Judge(recorder, outcome, Sightings.None);

    static (int, Verdict, Verdict) Verdicts(ThresholdVerdict t) => (t.Days, t.Continuity, t.Retention);

    /// <summary>Any time, mostly within two days after the clocks changed.</summary>
    static (TimeZoneInfo, DateTimeOffset?, DateTimeOffset) Moment(Random random)
    {
        var (id, change) = Clocks[random.Next(Clocks.Length)];
        var instant = change is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(change, CultureInfo.InvariantCulture);
        var now = (instant ?? new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)) + TimeSpan.FromMilliseconds(random.Next(1_000_000, 170_000_000));
        return (TimeZoneInfo.FindSystemTimeZoneById(id), instant, now);
    }

    static string Written(TimeRange range) => $"{range.From:dd HH:mm:ss.f}-{range.To:dd HH:mm:ss.f}";

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
