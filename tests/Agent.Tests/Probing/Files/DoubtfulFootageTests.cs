using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Probing.Files.Generators;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

/// <summary>What a whole look makes of files that are there and do not hold what they seem to, and of recorders that keep an index.</summary>
sealed class DoubtfulFootageTests
{
    static readonly string[] Shanghai = ["2026-11-23_05-00-00", "2026-11-23_06-00-00", "2026-11-23_07-20-00", "2026-11-23_08-10-00", "2026-11-23_09-00-00"];

    readonly FootageTree _tree = new();

    [TearDown]
    public void Remove() => _tree.Dispose();

    [Test]
    public void A_stall_inside_a_file_is_no_footage()
    {
        var stalled = SyntheticFootage.Make("stalled-in-the-middle.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=40", "-vf", "select='lt(t,10)+gte(t,30)'",
            "-vsync", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-bf", "0", "-pix_fmt", "yuv420p");
        _tree.Put("front/2026-11-23_08-00-00.mp4", stalled);

        var recorded = _tree.Look().Cameras.Single().Observation.Recorded;

        Assert.That(recorded.Count, Is.EqualTo(2));
        Assert.That(recorded[0].To, Is.EqualTo(FootageTree.At("08:00:10")).Within(TimeSpan.FromSeconds(1)));
        Assert.That(recorded[1].From, Is.EqualTo(FootageTree.At("08:00:30")).Within(TimeSpan.FromSeconds(1)));
        Assert.That(recorded[1].To, Is.EqualTo(FootageTree.At("08:00:40")).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Footage_that_lies_in_a_hole_of_another_file_is_seen()
    {
        var stalled = SyntheticFootage.Make("stalled-for-half-a-minute.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=50", "-vf", "select='lt(t,10)+gte(t,40)'",
            "-vsync", "vfr", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-bf", "0", "-pix_fmt", "yuv420p");
        _tree.Put("front/2026-11-23_08-00-00.mp4", stalled);
        _tree.Put("front/2026-11-23_08-00-20.mp4", FootageTree.Whole);

        var recorded = _tree.Look().Cameras.Single().Observation.Recorded;

        Assert.That(recorded.Contains(FootageTree.At("08:00:25")), Is.True);
        Assert.That(recorded.Contains(FootageTree.At("08:00:15")), Is.False);
        Assert.That(recorded.Contains(FootageTree.At("08:00:35")), Is.False);
        Assert.That(recorded.Contains(FootageTree.At("08:00:45")), Is.True);
    }

    [Test]
    public void More_footage_than_time_had_passed_when_it_was_written_is_not_evidence()
    {
        var hour = SyntheticFootage.Make("twenty-minutes.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1:duration=1200", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p");
        _tree.Put("front/2026-11-23_07-00-00.mp4", hour, FootageTree.At("07:20:00"));
        _tree.Put("front/2026-11-23_08-00-00.mp4", hour, FootageTree.At("08:01:00"));

        var camera = _tree.Look().Cameras.Single();

        Assert.That(camera.Observation.Recorded.Single().From, Is.EqualTo(FootageTree.At("07:00:00")));
        Assert.That(camera.Observation.Unseen.Single().From, Is.EqualTo(FootageTree.At("08:00:00")));
        Assert.That(camera.Findings.Single().Code, Is.EqualTo(FindingCode.SegmentsTooLong));
    }

    [Test]
    public void Segments_that_overlap_are_counted_once_and_told()
    {
        var minute = SyntheticFootage.Make("one-minute.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1:duration=60", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p");
        _tree.Put("front/2026-11-23_08-00-00.mp4", minute, FootageTree.At("08:01:00"));
        _tree.Put("front/2026-11-23_08-00-20.mp4", minute, FootageTree.At("08:01:20"));

        var camera = _tree.Look().Cameras.Single();

        Assert.That(camera.Observation.Recorded.Length.TotalSeconds, Is.EqualTo(80).Within(1.5));
        Assert.That(camera.Findings.Single().Code, Is.EqualTo(FindingCode.SegmentsOverlap));
    }

    [Test]
    public void Names_of_another_zone_than_is_said_make_everything_unknown_and_nothing_missing()
    {
        PutByShanghaiTime();

        var wrong = _tree.Look(zone: "UTC").Cameras.Single();
        var right = _tree.Look(zone: "Asia/Shanghai").Cameras.Single();

        Assert.That(wrong.Findings.Single().Code, Is.EqualTo(FindingCode.ZoneContradicted));
        Assert.That(wrong.Findings.Single().Measure, Does.Contain("ahead of UTC"));
        Assert.That(wrong.Observation.Recorded, Is.Empty);
        Assert.That(wrong.Observation.Unseen.Single().To, Is.EqualTo(FootageTree.Now));
        Assert.That(right.Findings, Is.Empty);
        Assert.That(right.Observation.Recorded.Length, Is.EqualTo(TimeSpan.FromSeconds(10 * Shanghai.Length)));
    }

    [Test]
    public void A_tree_that_was_copied_in_a_minute_says_nothing_of_its_zone()
    {
        foreach (var camera in (string[])["front", "back", "yard", "gate"])
            for (var hour = 0; hour < 9; hour++)
                _tree.Put($"{camera}/2026-11-23_{hour:00}-59-50.mp4", FootageTree.Whole);

        Assert.That(_tree.Look(zone: "UTC").Cameras.SelectMany(c => c.Findings), Is.Empty);
    }

    [Test]
    public void What_a_hikvision_index_lists_is_listed_and_not_measured()
    {
        var truth = new[] { FootageTree.Range("06:00:00", "06:30:00"), FootageTree.Range("07:00:00", "07:30:00") };
        HikvisionIndexGenerator.Write(_tree.Root, [new HikvisionFile(Channel: 0, [truth[0]]) { Before = [FootageTree.Range("01:00:00", "02:00:00")] }, new HikvisionFile(Channel: 0, [truth[1]])]);

        var outcome = _tree.Look();

        var camera = outcome.Cameras.Single();
        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(camera.Layout, Is.EqualTo("hikvision"));
        Assert.That(camera.Observation.Basis, Is.EqualTo(Basis.Listed));
        Assert.That(camera.Observation.Recorded, Is.EqualTo(truth));
        Assert.That(camera.Proven, Is.False);
    }

    [Test]
    public void A_damaged_index_leaves_its_recorder_unknown()
    {
        HikvisionIndexGenerator.Write(_tree.Root, [new HikvisionFile(Channel: 0, [FootageTree.Range("06:00:00", "06:30:00")])]);
        foreach (var index in Directory.EnumerateFiles(_tree.Root, "index0*.bin", SearchOption.AllDirectories))
            File.WriteAllBytes(index, new byte[100]);

        var outcome = _tree.Look();

        Assert.That(outcome.Failed, Is.True);
        Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(ProblemCode.UnreadableIndex));
    }

    [Test]
    public void A_camera_that_only_a_damaged_index_lists_is_unknown_and_not_gone()
    {
        HikvisionIndexGenerator.Write(_tree.Root, [new HikvisionFile(Channel: 0, [FootageTree.Range("06:00:00", "06:30:00")])]);
        var other = Path.Combine(_tree.Root, "datadir1");
        Directory.CreateDirectory(other);
        File.WriteAllBytes(Path.Combine(other, "index00.bin"), new byte[100]);

        var outcome = _tree.Look("hikvision");

        Assert.That(outcome.Failed, Is.False);
        Assert.That(outcome.Unsteady, Is.True, "so that no loss is made of it");
        var recorder = new Recorder("r", _tree.Root, "hikvision", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
        var report = new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc)).Judge(recorder, outcome, new Sightings { Cameras = ["known before"] }).Single(c => c.Camera == "known before");
        Assert.That(report.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
    }

    void PutByShanghaiTime()
    {
        foreach (var name in Shanghai)
        {
            var local = DateTime.ParseExact(name, "yyyy-MM-dd_HH-mm-ss", null);
            _tree.Put($"front/{name}.mp4", FootageTree.Whole, new DateTimeOffset(local, TimeSpan.FromHours(8)).AddSeconds(11));
        }
    }
}
