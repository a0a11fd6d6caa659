using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Recorders;
using Agent.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>Holds what was measured of a camera against what is known of it.</summary>
static class Truth
{
    static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Doubt = TimeSpan.FromSeconds(20);

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
        ("Europe/London", "2026-03-29T01:00:00Z"),
        ("Europe/London", "2026-10-25T01:00:00Z"),
    ];

    /// <summary>
    /// Every range, and so every gap, and what follows from them. Time that could not be looked at may hold what it may; everything
    /// else is as it was.
    /// </summary>
    internal static void AssertFootage(CameraReport report, RangeSet truth, DateTimeOffset now, string told)
    {
        var observation = report.Footage!.Observation;
        var unseen = observation.Unseen;
        AssertSame(observation.Recorded.Except(truth).Except(unseen), "not recorded");
        AssertSame(truth.Except(observation.Recorded).Except(unseen), "not measured");
        if (unseen.Count > 0)
            return;
        var day = new TimeRange(now.AddDays(-1), now);
        Assert.That(report.Assessment.Reach, Is.EqualTo(now - truth[0].From).Within(Accuracy), told);
        Assert.That(observation.Recorded.Count, Is.EqualTo(truth.Count), told);
        Assert.That(observation.Recorded.Clip(day).Length, Is.EqualTo(truth.Clip(day).Length).Within(Accuracy * (truth.Count + 1)), told);

        void AssertSame(RangeSet difference, string what) => Assert.That(difference.Where(d => d.Length > Accuracy).Select(Written), Is.Empty,
            () => $"{told}, {report.Camera}, {what}: {string.Join(" ", observation.Recorded.Select(Written))} is not {string.Join(" ", truth.Select(Written))}, unseen {string.Join(" ", unseen.Select(Written))}");
    }

    /// <summary>The verdicts the truth gives; false when a budget is so nearly spent that a second more or less decides.</summary>
    internal static bool AssertVerdicts(CameraReport report, RangeSet truth, TimeZoneInfo zone, DateTimeOffset now, string told, SortedDictionary<string, int> verdicts)
    {
        var (exact, less, more) = (Expected(report, truth, zone, now, TimeSpan.Zero), Expected(report, truth, zone, now, -Doubt), Expected(report, truth, zone, now, Doubt));
        if (!exact.Thresholds.Select(Verdicts).SequenceEqual(less.Thresholds.Select(Verdicts)) || !exact.Thresholds.Select(Verdicts).SequenceEqual(more.Thresholds.Select(Verdicts))
            || exact.ContinuousSince != less.ContinuousSince || exact.ContinuousSince != more.ContinuousSince)
            return false;

        told = $"{told}, {report.Camera}";
        if (report.Footage!.Observation.Unseen.Count > 0)
        {
            // That a layout is unproven takes nothing but what would be met.
            AssertNothingFalse(report.Assessment, Expected(report with { Evidence = report.Evidence with { Proven = true } }, truth, zone, now), told);
            return true;
        }

        Assert.That(report.Assessment.Thresholds.Select(Verdicts), Is.EqualTo(exact.Thresholds.Select(Verdicts)), told);
        Assert.That(report.Assessment.ContinuousAge, Is.EqualTo(exact.ContinuousAge).Within(Accuracy), told);
        Assert.That(report.Assessment.ContinuousAgeAtMost, Is.EqualTo(exact.ContinuousAgeAtMost).Within(Accuracy), told);
        foreach (var threshold in exact.Thresholds)
            verdicts[threshold.Verdict.ToString()] = verdicts.GetValueOrDefault(threshold.Verdict.ToString()) + 1;
        return true;
    }

    /// <summary>Where not everything could be seen: what is said all the same is true, and the rest is left open.</summary>
    static void AssertNothingFalse(CameraAssessment measured, CameraAssessment exact, string told)
    {
        foreach (var (said, real) in measured.Thresholds.Zip(exact.Thresholds))
        {
            Assert.That(said.Continuity, Is.EqualTo(real.Continuity).Or.EqualTo(Verdict.Undetermined), $"{told}, {said.Days} d");
            Assert.That(said.Retention, Is.EqualTo(real.Retention).Or.EqualTo(Verdict.Undetermined), $"{told}, {said.Days} d");
        }

        Assert.That(measured.ContinuousAge ?? TimeSpan.Zero, Is.LessThanOrEqualTo(exact.ContinuousAge!.Value + Accuracy), told);
        Assert.That(measured.ContinuousAgeAtMost, Is.GreaterThanOrEqualTo(exact.ContinuousAgeAtMost - Accuracy), told);
    }

    /// <summary>What the truth comes to.</summary>
    internal static CameraAssessment Expected(CameraReport report, RangeSet truth, TimeZoneInfo zone, DateTimeOffset now, TimeSpan budget = default)
    {
        var window = report.Evidence.Timeline.Window;
        var seen = truth[0].From < window.From ? new TimeRange(truth[0].From, now) : window;
        var evidence = report.Evidence with { Timeline = Timeline.Of(seen, truth, RangeSet.Empty, RangeSet.Empty) };
        var policy = report.Policy with { DailyLoss = report.Policy.DailyLoss + budget, WeeklyLoss = report.Policy.WeeklyLoss + budget };
        return RetentionAssessor.Assess(evidence, policy, new SiteCalendar(zone), now);
    }

    internal static IReadOnlyList<CameraReport> Judge(Recorder recorder, TimeZoneInfo zone, DateOnly? commissioned, Agent.Probing.ProbeOutcome outcome) =>
        new Measurement(new PolicyOptions { RequiredDays = 1, DailyLoss = TimeSpan.FromMinutes(30) }, new SiteCalendar(zone), commissioned).Judge(recorder, outcome, Sightings.None);

    static (int, Verdict, Verdict) Verdicts(ThresholdVerdict t) => (t.Days, t.Continuity, t.Retention);

    /// <summary>Any time, mostly within two days after the clocks changed.</summary>
    internal static (TimeZoneInfo, DateTimeOffset?, DateTimeOffset) Moment(Random random)
    {
        var (id, change) = Clocks[random.Next(Clocks.Length)];
        var instant = change is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(change, CultureInfo.InvariantCulture);
        var now = (instant ?? new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero)) + TimeSpan.FromMilliseconds(random.Next(1_000_000, 170_000_000));
        return (TimeZoneInfo.FindSystemTimeZoneById(id), instant, now);
    }

    static string Written(TimeRange range) => $"{range.From:dd HH:mm:ss.f}-{range.To:dd HH:mm:ss.f}";
}
