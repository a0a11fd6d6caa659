using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

/// <summary>Footage that a recorder names by a clock which is not ours.</summary>
internal sealed class RecorderClockTests : IDisposable
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(31, "the recorder's clock is 31 s ahead")]
    [TestCase(-31, "the recorder's clock is 31 s behind")]
    [TestCase(29, null)]
    public void A_clock_that_is_wrong_beyond_the_tolerance_is_a_finding(int seconds, string? measure)
    {
        var report = Reports.Judge(Reports.Recorder(), Reports.Saw(Footage(16, TimeSpan.FromSeconds(seconds), Reports.Now))).Single();

        Assert.That(report.Findings.Where(f => f.Code == FindingCode.RecorderClockWrong).Select(f => f.Measure), Is.EqualTo(measure is null ? Array.Empty<string>() : [measure]));
    }

    [TestCase(-3)]
    [TestCase(3)]
    public void A_wrong_clock_makes_no_camera_older_or_younger(int hours)
    {
        var declared = new CameraOptions { Camera = "door", Commissioned = new DateOnly(2026, 1, 1) };
        var reports = ((TimeSpan[])[TimeSpan.Zero, hours * Hour]).Select(offset => Reports.Judge(Reports.Recorder(declared), Reports.Saw(Footage(16, offset, Reports.Now))).Single()).ToList();

        Assert.That(reports[1].Assessment.Oldest, Is.EqualTo(reports[0].Assessment.Oldest));
        Assert.That(reports[1].Assessment.Newest, Is.EqualTo(reports[0].Assessment.Newest));
        Assert.That(reports[1].Assessment.Binding.Verdict, Is.EqualTo(Verdict.Met));
    }

    [TestCase(5)]
    [TestCase(-5)]
    public void What_is_overwritten_at_its_age_is_no_loss_whatever_the_recorders_clock_says(int hours)
    {
        var store = new SightingStore(_folder.Path);
        var recorder = Reports.Recorder();
        // Two days are measured, and the recorder keeps two days and an hour.
        store.Note(recorder, Looked(Footage(2 + (1.0 / 24), hours * Hour, Reports.Now), Reports.Now), _ => 2);
        var later = Reports.Now + (2 * Hour);
        var sightings = store.Note(recorder, Looked(Footage(2 + (1.0 / 24), hours * Hour, later), later), _ => 2);

        Assert.That(sightings.Losses["door"], Is.Empty);
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-5)]
    public void What_is_lost_is_told_on_our_clock(int hours)
    {
        var store = new SightingStore(_folder.Path);
        var recorder = Reports.Recorder();
        var hole = new TimeRange(Reports.Now - (20 * Hour), Reports.Now - (19 * Hour));
        store.Note(recorder, Looked(Footage(2, hours * Hour, Reports.Now), Reports.Now), _ => 30);
        var sightings = store.Note(recorder, Looked(Footage(2, hours * Hour, Reports.Now, hole), Reports.Now), _ => 30);

        Assert.That(sightings.Losses["door"].Select(l => l.Loss), Is.EqualTo(new[] { new FootageLoss(hole, Reports.Now, FromOldestEdge: false) }));
    }

    [Test]
    public void A_clock_that_is_set_right_loses_nothing()
    {
        var store = new SightingStore(_folder.Path);
        var recorder = Reports.Recorder();
        var wrong = Footage(2, 3 * Hour, Reports.Now);
        store.Note(recorder, Looked(wrong, Reports.Now), _ => 30);
        // What was recorded keeps its names, only the clock has changed.
        var right = wrong with { Observation = wrong.Observation with { ClockOffset = TimeSpan.Zero } };
        var sightings = store.Note(recorder, Looked(right, Reports.Now), _ => 30);

        Assert.That(sightings.Losses["door"], Is.Empty);
    }

    static ProbeOutcome Looked(CameraFootage footage, DateTimeOffset at) => new() { Recorder = "recordings", LookedAt = at, Cameras = [footage] };

    /// <summary>Footage of so many days until now, as a recorder names it.</summary>
    static CameraFootage Footage(double days, TimeSpan offset, DateTimeOffset now, params TimeRange[] holes)
    {
        var recorded = RangeSet.Of([new TimeRange(now.AddDays(-days), now)]).Except(RangeSet.Of(holes)).Shift(offset);
        return new CameraFootage
        {
            Observation = new Observation
            {
                Recorder = "recordings", Camera = "door", Basis = Basis.Listed, Looked = new TimeRange(now.AddDays(-400), now).Shift(offset), Recorded = recorded, ClockOffset = offset, LookedAt = now,
            },
            Settled = recorded, Layout = "onvif", Proven = true, Segments = 1, Bytes = 0, UsualSegment = TimeSpan.Zero,
        };
    }
}
