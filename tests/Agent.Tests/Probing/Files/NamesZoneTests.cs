using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Indexing;
using Agent.Recorders;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

/// <summary>Whose clock names are of, on a machine of UTC on which nobody said it.</summary>
sealed class NamesZoneTests : IDisposable
{
    static readonly TimeSpan Shanghai = TimeSpan.FromHours(8);

    readonly FootageTree _tree = new();
    readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _tree.Dispose();
        _data.Dispose();
    }

    [Test]
    public void Names_that_can_only_be_of_one_other_zone_are_read_by_it_and_that_is_told()
    {
        var truth = Put(["front", "back"], 20, _ => Shanghai);

        var outcome = Look();

        Assert.That(outcome.InferredZone, Is.EqualTo("UTC offset +08:00"));
        Assert.That(outcome.Cameras, Has.Count.EqualTo(2));
        foreach (var camera in outcome.Cameras)
        {
            Assert.That(camera.Observation.Recorded, Is.EqualTo(truth));
            Assert.That(camera.Observation.Unseen, Is.Empty);
            Assert.That(camera.Findings.Single().Code, Is.EqualTo(FindingCode.ZoneInferred));
            Assert.That(camera.Findings.Single().Measure, Does.Contain("UTC offset +08:00").And.Contain("not as UTC").And.Contain("8:00 ahead of UTC"));
        }
    }

    [TestCase("UTC")]
    [TestCase("Asia/Tokyo")]
    public void A_zone_that_somebody_said_is_never_overridden(string zone)
    {
        Put(["front", "back"], 20, _ => Shanghai);

        var outcome = Look(zone, isSaid: true);

        AssertUnknown(outcome);
    }

    [TestCase(new[] { "front", "back" }, 5)]
    [TestCase(new[] { "front" }, 20)]
    public void Few_files_or_one_camera_infer_nothing(string[] cameras, int files)
    {
        Put(cameras, files, _ => Shanghai);

        AssertUnknown(Look());
    }

    [Test]
    public void Very_many_files_of_the_only_camera_do()
    {
        Put(["front"], 40, _ => Shanghai, everyMinutes: 10);

        Assert.That(Look().InferredZone, Is.EqualTo("UTC offset +08:00"));
    }

    [TestCase(20)]
    [TestCase(36)]
    public void Names_of_summer_and_winter_infer_nothing(int until)
    {
        Put(["front", "back"], 40, i => TimeSpan.FromHours(i < until ? 1 : 2));

        AssertUnknown(Look());
    }

    /// <summary>Whatever moves files some hours after they ended writes them later; nothing writes them before.</summary>
    [Test]
    public void Names_that_are_behind_the_machines_clock_infer_nothing()
    {
        Put(["front", "back"], 20, _ => TimeSpan.FromHours(-5));

        AssertUnknown(Look());
    }

    [Test]
    public void One_camera_of_another_clock_than_the_others_lets_nothing_be_inferred()
    {
        Put(["front", "back"], 20, _ => Shanghai);
        Put(["yard"], 20, _ => TimeSpan.FromHours(9));

        AssertUnknown(Look());
    }

    [Test]
    public void Files_that_were_copied_infer_nothing()
    {
        foreach (var camera in (string[])["front", "back"])
            for (var hour = 1; hour < 20; hour++)
                _tree.Put($"{camera}/{FootageTree.Now.AddHours(-hour):yyyy-MM-dd_HH-mm-ss}.mp4", FootageTree.Whole);

        var outcome = Look();

        Assert.That((outcome.InferredZone, outcome.Cameras.SelectMany(c => c.Findings).Count()), Is.EqualTo((default(string), 0)));
    }

    [Test]
    public void What_was_inferred_is_remembered_held_against_every_look_and_dropped_when_the_machines_zone_is_right()
    {
        var truth = Put(["front", "back"], 20, _ => Shanghai);
        using (var indexes = new DirectoryIndexes(_data.Path))
        {
            Assert.That(Look(indexes: indexes).Cameras[0].Observation.Recorded, Is.EqualTo(truth));
            Assert.That(Look(indexes: indexes).Cameras[0].Observation.Recorded, Is.EqualTo(truth));
        }

        using var later = new DirectoryIndexes(_data.Path);
        var zones = new InferredZones(_data.Path);
        Assert.That(zones.By(Recorder("UTC", isSaid: false)).Zone.BaseUtcOffset, Is.EqualTo(Shanghai));
        Assert.That(zones.By(Recorder("UTC", isSaid: true)).Zone, Is.EqualTo(TimeZoneInfo.Utc));
        Assert.That(Look(indexes: later, zones: zones).Cameras[0].Observation.Recorded, Is.EqualTo(truth));

        var right = Look("Asia/Shanghai", indexes: later, zones: zones);
        Assert.That(right.Cameras.SelectMany(c => c.Findings), Is.Empty);
        Assert.That(right.Cameras[0].Observation.Recorded, Is.EqualTo(truth));
        Assert.That(new InferredZones(_data.Path).By(Recorder("UTC", isSaid: false)).Zone, Is.EqualTo(TimeZoneInfo.Utc), "and it is forgotten");
    }

    [Test]
    public void A_recorder_that_changes_its_clock_after_that_is_unknown_and_not_wrong()
    {
        Put(["front", "back"], 40, i => TimeSpan.FromHours(i < 39 ? 1 : 2));
        var zones = new InferredZones(_data.Path);
        zones.Keep(Recorder("UTC", isSaid: false), InferredZones.Fixed(TimeSpan.FromHours(1)));

        var outcome = Look(zones: zones);

        foreach (var camera in outcome.Cameras)
        {
            Assert.That(camera.Observation.Recorded, Is.Empty);
            Assert.That(camera.Findings.Select(f => f.Code), Does.Contain(FindingCode.ZoneContradicted));
        }
    }

    static void AssertUnknown(ProbeOutcome outcome)
    {
        Assert.That(outcome.InferredZone, Is.Null);
        foreach (var camera in outcome.Cameras)
        {
            Assert.That(camera.Findings.Single().Code, Is.EqualTo(FindingCode.ZoneContradicted));
            Assert.That(camera.Observation.Recorded, Is.Empty);
            Assert.That(camera.Observation.Unseen, Has.Count.EqualTo(1));
        }
    }

    ProbeOutcome Look(string machine = "UTC", bool isSaid = false, DirectoryIndexes? indexes = null, InferredZones? zones = null)
    {
        var time = new FakeTimeProvider(FootageTree.Now);
        return new FilesProbe(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 }), indexes, zones ?? new InferredZones(_data.Path))
            .Look(Recorder(machine, isSaid), null, null, CancellationToken.None);
    }

    Recorder Recorder(string zone, bool isSaid) => new(
        "r", _tree.Root, "%Y-%m-%d_%H-%M-%S", TimeZoneInfo.FindSystemTimeZoneById(zone), new Dictionary<string, CameraOptions>(), IsZoneSaid: isSaid);

    /// <summary>Ten seconds now and then up to ten minutes ago, the oldest first, each named by a clock so far from UTC and written when it ends.</summary>
    RangeSet Put(string[] cameras, int files, Func<int, TimeSpan> offset, int everyMinutes = 60)
    {
        var truth = new List<TimeRange>();
        for (var i = 0; i < files; i++)
        {
            var from = FootageTree.Now.AddMinutes(-10).AddMinutes((i + 1 - files) * everyMinutes).AddSeconds(7 * i);
            truth.Add(new TimeRange(from, from.AddSeconds(10)));
            foreach (var camera in cameras)
                _tree.Put($"{camera}/{(from + offset(i)):yyyy-MM-dd_HH-mm-ss}.mp4", FootageTree.Whole, from.AddSeconds(11));
        }

        return RangeSet.Of(truth);
    }
}
