using Agent.Evidence.Verdicts;
using Agent.Ledger;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

internal sealed class MeasurementTests
{
    static readonly CameraOptions Declared = new() { Camera = "front_door", Commissioned = new DateOnly(2026, 1, 15) };

    [Test]
    public void A_recorder_that_could_not_be_looked_at_leaves_its_cameras_undetermined()
    {
        var report = Reports.Judge(Reports.Recorder(Declared), Reports.SawNothing(ProblemCode.MissingFolder, failed: true)).Single();
        Assert.Multiple(() =>
        {
            Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
            Assert.That(report.Assessment.ContinuousAge, Is.Null);
            Assert.That(report.Assessment.Binding.Reasons, Does.Contain(VerdictReason.CouldNotLook));
        });
    }

    [Test]
    public void A_declared_camera_of_a_recorder_that_was_looked_at_and_has_nothing_of_it_is_breached()
    {
        var report = Reports.Judge(Reports.Recorder(Declared), Reports.Saw(Reports.Footage("yard", 16))).Single(r => r.Camera == "front_door");
        Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Breached));
        Assert.That(report.Assessment.Binding.Reasons, Does.Contain(VerdictReason.NoFootage));
    }

    [Test]
    public void While_a_folder_cannot_be_read_a_missing_camera_may_be_in_it()
    {
        var report = Reports.Judge(Reports.Recorder(Declared), Reports.SawNothing(ProblemCode.UnreadableFolder, failed: false)).Single();
        Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
    }

    [Test]
    public void A_camera_known_from_before_does_not_drop_out_of_sight()
    {
        var reports = Reports.Judge(Reports.Recorder(), Reports.Saw(), "yard");
        Assert.That(reports.Single().Camera, Is.EqualTo("yard"));
        Assert.That(reports.Single().Assessment.Binding.Verdict, Is.Not.EqualTo(Verdict.Met));
    }

    [Test]
    public void What_a_camera_declares_beats_the_policy()
    {
        var seven = new CameraOptions { Camera = "front_door", RequiredDays = 7 };
        Assert.That(Reports.Judge(Reports.Recorder(seven), Reports.Saw(Reports.Footage("front_door", 8))).Single().Assessment.Binding.Days, Is.EqualTo(7));
    }

    [Test]
    public void A_declared_date_is_the_whole_day_of_the_site()
    {
        var fitted = new CameraOptions { Camera = "front_door", Commissioned = Reports.Hangzhou.DateAt(Reports.Now.AddDays(-3)) };
        var report = Reports.Judge(Reports.Recorder(fitted), Reports.Saw(Reports.Footage("front_door", 3))).Single();
        Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Maturing));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Nothing_is_met_across_an_unexplained_jump_of_the_clock(int days)
    {
        var met = Judge([]);
        var stepped = Judge([new ClockStep(Reports.Now.AddDays(-3), new ClockReading(Reports.Now.AddDays(-3 + days), "b", 0), SameBoot: true)]);

        Assert.That(met.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Met));
        Assert.That(stepped.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
        Assert.That(stepped.Findings.Select(f => f.Code), Does.Contain(FindingCode.ClockStepped));
    }

    [Test]
    public void A_clock_set_by_seconds_costs_no_verdict()
    {
        var report = Judge([new ClockStep(Reports.Now.AddDays(-3), new ClockReading(Reports.Now.AddDays(-3).AddSeconds(20), "b", 0), SameBoot: true)]);

        Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Met));
        Assert.That(report.Findings.Select(f => f.Code), Does.Contain(FindingCode.ClockStepped));
    }

    static CameraReport Judge(ClockStep[] steps) => new Measurement(new PolicyOptions(), Reports.Hangzhou)
        .Judge(Reports.Recorder(), Reports.Saw(Reports.Footage("front_door", 16.5)), Sightings.None, steps).Single();
}
