using System.Diagnostics;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

internal sealed class FilesProbeTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly FootageTree _tree = new();

    [TearDown]
    public void RemoveTree() => _tree.Dispose();

    [Test]
    public void A_missing_folder_is_a_failed_look()
    {
        Directory.Delete(_tree.Root);

        AssertFailed(_tree.Look(), ProblemCode.MissingFolder, "does not exist");

        Directory.CreateDirectory(_tree.Root);
    }

    [Test]
    public void A_file_in_the_place_of_the_folder_is_a_failed_look()
    {
        var file = _tree.PutBytes("v.mp4", "x");
        var probe = new FilesProbe(new FakeTimeProvider(), new SecondOpinion(new FakeTimeProvider()));

        var outcome = probe.Look(new Recorder("r", file, "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()), null, null, CancellationToken.None);

        AssertFailed(outcome, ProblemCode.MissingFolder, "is a file");
    }

    [Test]
    public void An_empty_folder_is_a_failed_look()
    {
        _tree.PutBytes("readme.txt", "no video");

        AssertFailed(_tree.Look(), ProblemCode.NoFootage, "holds no video files");
    }

    [Test]
    public void An_empty_folder_says_nothing_of_its_cameras_even_when_its_layout_is_known() =>
        AssertFailed(_tree.Look("frigate", declared: new CameraOptions { Camera = "front" }), ProblemCode.NoFootage, "holds no video files");

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows lets only administrators make links")]
    public void A_folder_of_nothing_but_links_is_a_failed_look_that_names_them()
    {
        Directory.CreateSymbolicLink(Path.Combine(_tree.Root, "front"), Path.GetTempPath());

        var outcome = _tree.Look();

        Assert.That(outcome.Failed, Is.True);
        AssertProblems(outcome, (ProblemCode.NoFootage, null), (ProblemCode.LinksNotFollowed, null));
        Assert.That(outcome.Problems[^1].Message, Is.EqualTo("1 links were not followed"));
    }

    [TestCase("lost+found")]
    [TestCase("System Volume Information")]
    [TestCase("$RECYCLE.BIN")]
    public void Folders_of_the_file_system_are_nobodys_footage(string folder)
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put($"{folder}/2026-11-23_09-00-00.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.Cameras.Single().Observation.Camera, Is.EqualTo("front"));
    }

    [Test]
    public void Names_no_layout_explains_are_a_failed_look()
    {
        _tree.Put("front/holiday.mp4", FootageTree.Whole);

        AssertFailed(_tree.Look(), ProblemCode.UnrecognisedLayout, "--layout");
    }

    [Test]
    public void Cameras_are_folders_and_segments_end_where_their_containers_do()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_08-00-11.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_09-00-00.mp4", FootageTree.Whole);
        _tree.Put("back/yard/2026-11-23_08-00-00.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.Failed, Is.False);
        Assert.That(outcome.LookedAt, Is.EqualTo(FootageTree.Now));
        Assert.That(outcome.Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "back/yard", "front" }));
        var front = outcome.Cameras[1];
        Assert.That(front.Observation.Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:21"), FootageTree.Range("09:00:00", "09:00:10") }));
        Assert.That(front.Observation.Unseen, Is.Empty);
        Assert.That(front.Observation.Basis, Is.EqualTo(Basis.Measured));
        Assert.That(front.Observation.LookedAt, Is.EqualTo(FootageTree.Now));
        Assert.That(front.Segments, Is.EqualTo(3));
        Assert.That(front.Bytes, Is.EqualTo(3 * new FileInfo(FootageTree.Whole).Length));
        Assert.That(front.UsualSegment, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(front.Layout, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
    }

    [Test]
    public void A_template_tells_the_camera_and_the_zone_of_the_recorder_its_time()
    {
        _tree.Put("20261123/front_door-160000.mp4", FootageTree.Whole);

        var camera = _tree.Look("%Y%m%d/{camera}-%H%M%S", "Asia/Shanghai").Cameras.Single();

        Assert.That(camera.Observation.Camera, Is.EqualTo("front_door"));
        Assert.That(camera.Observation.Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:10") }));
    }

    [Test]
    public void Frigate_is_recognised_and_in_utc()
    {
        _tree.Put("2026-11-23/08/front/00.00.mp4", FootageTree.Whole);
        _tree.Put("2026-11-23/08/front/00.10.mp4", FootageTree.Whole);

        var camera = _tree.Look(zone: "Asia/Shanghai").Cameras.Single();

        Assert.That(camera.Layout, Is.EqualTo("frigate"));
        Assert.That(camera.Observation.Camera, Is.EqualTo("front"));
        Assert.That(camera.Observation.Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:20") }));
    }

    [Test]
    public void A_declared_camera_without_a_file_was_looked_at_too()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);

        var outcome = _tree.Look(declared: new CameraOptions { Camera = "back" });

        Assert.That(outcome.Cameras.Select(c => (c.Observation.Camera, c.Segments)), Is.EqualTo(new[] { ("back", 0L), ("front", 1L) }));
        Assert.That(outcome.Cameras[0].Observation.Unseen, Is.Empty);
    }

    [Test]
    public void A_name_outside_the_layout_counts_for_no_camera_and_is_told()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_09-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/export.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.UnrecognisedName, "front/export.mp4"));
        Assert.That(outcome.Cameras.Single().Segments, Is.EqualTo(2));
    }

    [Test]
    public void What_is_no_container_is_unknown_and_never_beyond_the_next_start()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.PutBytes("front/2026-11-23_08-00-10.mp4", "this is not a video, whatever its name says", written: FootageTree.At("09:00:00"));
        _tree.Put("front/2026-11-23_08-00-20.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.UnreadableContainer, "front/2026-11-23_08-00-10.mp4"));
        AssertSeen(outcome, recorded: [FootageTree.Range("08:00:00", "08:00:10"), FootageTree.Range("08:00:20", "08:00:30")], unseen: [FootageTree.Range("08:00:10", "08:00:20")]);
    }

    [Test]
    public void Of_a_truncated_file_only_what_is_there_counts()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Truncated);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.TruncatedFile, "front/2026-11-23_08-00-00.mp4"));
        var seen = outcome.Cameras.Single().Observation;
        Assert.That(seen.Recorded.Single().From, Is.EqualTo(FootageTree.At("08:00:00")));
        Assert.That(seen.Recorded.Length, Is.GreaterThan(TimeSpan.FromSeconds(1)).And.LessThan(TimeSpan.FromSeconds(9)));
        Assert.That(seen.Unseen, Is.Empty);
    }

    [Test]
    public void A_file_without_bytes_is_a_gap()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.PutBytes("front/2026-11-23_08-00-10.mp4", "", FootageTree.At("08:00:10"));
        _tree.Put("front/2026-11-23_08-00-20.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.EmptyFile, "front/2026-11-23_08-00-10.mp4"));
        AssertSeen(outcome, recorded: [FootageTree.Range("08:00:00", "08:00:10"), FootageTree.Range("08:00:20", "08:00:30")], unseen: []);
    }

    [Test]
    public void A_file_without_bytes_that_was_only_just_made_is_no_problem()
    {
        _tree.Put("front/2026-11-23_09-59-40.mp4", FootageTree.Whole);
        _tree.PutBytes("front/2026-11-23_09-59-50.mp4", "", FootageTree.At("09:59:50"));

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        AssertSeen(outcome, recorded: [FootageTree.Range("09:59:40", "09:59:50")], unseen: []);
    }

    [Test]
    public void The_newest_file_without_an_end_counts_until_it_was_last_written()
    {
        _tree.Put("front/2026-11-23_09-59-40.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_09-59-50.mp4", FootageTree.Unfinished, written: FootageTree.At("09:59:57"));

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        AssertSeen(outcome, recorded: [FootageTree.Range("09:59:40", "09:59:57")], unseen: []);
    }

    [Test]
    public void The_newest_file_without_an_end_does_not_count_beyond_the_look()
    {
        _tree.Put("front/2026-11-23_09-59-50.mp4", FootageTree.Unfinished, written: FootageTree.Now.AddMinutes(1));

        AssertSeen(_tree.Look(), recorded: [FootageTree.Range("09:59:50", "10:00:00")], unseen: []);
    }

    [Test]
    public void The_newest_file_without_an_end_that_is_longer_than_a_segment_can_be_is_unknown()
    {
        _tree.Put("front/2026-11-23_05-00-00.mp4", FootageTree.Unfinished, written: FootageTree.At("09:00:00"));

        AssertSeen(_tree.Look(), recorded: [], unseen: [FootageTree.Range("05:00:00", "09:00:00")]);
    }

    [TestCase("08:00:15", "08:00:20", Description = "a usual segment, for a recorder may allocate its files beforehand")]
    [TestCase("09:00:00", "08:00:20", Description = "not beyond the next start")]
    [TestCase("07:00:00", "08:00:20", Description = "a usual segment when it was written before it began")]
    public void An_older_file_without_an_end_is_unknown_and_never_beyond_the_next_start(string written, string until)
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_08-00-10.mp4", FootageTree.Unfinished, FootageTree.At(written));
        _tree.Put("front/2026-11-23_08-00-20.mp4", FootageTree.Whole);

        AssertSeen(_tree.Look(), recorded: [FootageTree.Range("08:00:00", "08:00:10"), FootageTree.Range("08:00:20", "08:00:30")], unseen: [FootageTree.Range("08:00:10", until)]);
    }

    [TestCase("2027-11-23_08-00-00")]
    [TestCase("1970-01-01_08-00-00")]
    [TestCase("1999-12-31_23-59-59")]
    [TestCase("9999-12-31_23-59-59")]
    [TestCase("0001-01-01_00-00-00")]
    public void A_time_that_cannot_be_is_not_evidence(string name)
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put($"front/{name}.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.ImplausibleTime, $"front/{name}.mp4"));
        AssertSeen(outcome, recorded: [FootageTree.Range("08:00:00", "08:00:10")], unseen: []);
        Assert.That(outcome.Cameras.Single().Findings.Single().Code, Is.EqualTo(FindingCode.SegmentsOutOfTime));
    }

    [Test]
    public void A_header_that_claims_months_in_a_few_bytes_is_not_evidence()
    {
        var months = SyntheticFootage.Make("months.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1:duration=2", "-vf", "setpts=N*8640000/TB",
            "-vsync", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-bf", "0", "-pix_fmt", "yuv420p", "-video_track_timescale", "1");
        _tree.Put("front/2026-11-22_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_08-00-00.mp4", months);
        _tree.Put("front/2026-11-23_09-00-00.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        AssertProblems(outcome, (ProblemCode.ImplausibleTime, "front/2026-11-23_08-00-00.mp4"));
        Assert.That(outcome.Problems.Single().Message, Does.StartWith("it claims 144000 minutes of footage and was last written "));
        Assert.That(outcome.Cameras.Single().Findings.Single().Code, Is.EqualTo(FindingCode.SegmentsTooLong));
        Assert.That(outcome.Cameras.Single().Observation.Recorded.Length, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(outcome.Cameras.Single().Observation.Unseen, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "09:00:00") }));
    }

    [Test]
    public void A_clock_a_little_ahead_is_not_implausible_and_counts_until_the_look()
    {
        _tree.Put("front/2026-11-23_09-59-55.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_10-00-05.mp4", FootageTree.Whole);

        var outcome = _tree.Look();

        Assert.That(outcome.Problems, Is.Empty);
        AssertSeen(outcome, recorded: [FootageTree.Range("09:59:55", "10:00:00")], unseen: []);
    }

    [Test]
    public void Later_footage_is_ignored_when_asked_about_an_earlier_time()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23_09-00-00.mp4", FootageTree.Whole);

        var outcome = _tree.Look(asOf: FootageTree.At("08:00:05"));

        Assert.That(outcome.Problems, Is.Empty);
        Assert.That(outcome.LookedAt, Is.EqualTo(FootageTree.At("08:00:05")));
        AssertSeen(outcome, recorded: [FootageTree.Range("08:00:00", "08:00:05")], unseen: []);
    }

    [Test]
    public void An_offset_no_clock_has_is_a_name_outside_the_layout()
    {
        _tree.Put("front/2026-11-23T08-00-00+0000.mp4", FootageTree.Whole);
        _tree.Put("front/2026-11-23T08-00-00+1459.mp4", FootageTree.Whole);

        var outcome = _tree.Look("%Y-%m-%dT%H-%M-%S%z");

        AssertProblems(outcome, (ProblemCode.UnrecognisedName, "front/2026-11-23T08-00-00+1459.mp4"));
        Assert.That(outcome.Cameras.Single().Segments, Is.EqualTo(1));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows allows no such names")]
    public void Hostile_names_are_measured_and_told_printable()
    {
        const string Camera = "v\" -o \"x\n\u001b[31m%d\u202e前门";
        _tree.Put($"{Camera}/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.PutBytes($"{Camera}/2026-11-23_09-00-00.mp4", "no video");

        var outcome = _tree.Look();

        Assert.That(outcome.Cameras.Single().Observation.Camera, Is.EqualTo(Camera));
        Assert.That(outcome.Cameras.Single().Observation.Recorded, Is.EqualTo(new[] { FootageTree.Range("08:00:00", "08:00:10") }));
        AssertProblems(outcome, (ProblemCode.UnreadableContainer, "v\" -o \"x\\u000a\\u001b[31m%d\\u202e前门/2026-11-23_09-00-00.mp4"));
        Assert.That(outcome.Problems.Single().Message, Has.None.Matches<char>(char.IsControl));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows lets only administrators make links")]
    public void Links_are_counted_and_not_followed()
    {
        var real = _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        Directory.CreateSymbolicLink(Path.Combine(_tree.Root, "front", "loop"), _tree.Root);
        Directory.CreateSymbolicLink(Path.Combine(_tree.Root, "self"), "self");
        File.CreateSymbolicLink(Path.Combine(_tree.Root, "front", "2026-11-23_09-00-00.mp4"), real);
        File.CreateSymbolicLink(Path.Combine(_tree.Root, "front", "2026-11-23_09-30-00.mp4"), "/nowhere");

        var outcome = _tree.Look();

        Assert.That(outcome.Cameras.Single().Segments, Is.EqualTo(1));
        AssertProblems(outcome, (ProblemCode.LinksNotFollowed, null));
        Assert.That(outcome.Problems.Single().Message, Is.EqualTo("4 links were not followed"));
        Assert.That(outcome.Problems.Single().IsWarning, Is.True);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no pipes with paths in a folder")]
    public void A_pipe_with_the_name_of_a_segment_does_not_hold_the_look()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        Shell("mkfifo \"$1/front/2026-11-23_09-00-00.mp4\"");

        var look = Task.Run(() => _tree.Look());

        Assert.That(look.Wait(Patience), Is.True, "the look waits for a writer that never comes");
        AssertProblems(look.Result, (ProblemCode.UnreadableFile, "front/2026-11-23_09-00-00.mp4"));
        AssertSeen(look.Result, recorded: [FootageTree.Range("08:00:00", "08:00:10")], unseen: [FootageTree.Range("09:00:00", "09:00:10")]);
    }

    [Test]
    [Platform("Linux", Reason = "elsewhere names are Unicode")]
    public void A_file_whose_name_cannot_be_opened_is_unknown()
    {
        _tree.Put("front/b_2026-11-23_08-00-00.mp4", FootageTree.Whole);
        Shell("""cp "$1/front/b_2026-11-23_08-00-00.mp4" "$1/front/$(printf 'a\377')_2026-11-23_09-00-00.mp4" """);

        var outcome = _tree.Look("*_%Y-%m-%d_%H-%M-%S");
        Shell("rm -r \"$1/front\"");

        AssertProblems(outcome, (ProblemCode.UnreadableFile, "front/a\\ufffd_2026-11-23_09-00-00.mp4"));
        AssertSeen(outcome, recorded: [FootageTree.Range("08:00:00", "08:00:10")], unseen: [FootageTree.Range("09:00:00", "09:00:10")]);
    }

    [Test]
    [Platform("Linux", Reason = "elsewhere names are Unicode")]
    public void A_folder_that_cannot_be_listed_is_unknown_for_the_cameras_it_may_concern()
    {
        _tree.Put("2026-11-23/08/front/00.00.mp4", FootageTree.Whole);
        Shell("""mkdir "$1/2026-11-23/08/$(printf 'a\377')" "$1/$(printf '\377')" """);

        var outcome = _tree.Look();
        Shell("rm -r \"$1\"/*");

        AssertProblems(outcome, (ProblemCode.UnreadableFolder, "2026-11-23/08/a\\ufffd"), (ProblemCode.UnreadableFolder, "\\ufffd"));
        Assert.That(outcome.Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "a\uFFFD", "front" }));
        Assert.That(outcome.Cameras, Has.All.Matches<CameraFootage>(c => c!.Observation.Unseen.Single() == new TimeRange(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), FootageTree.Now)));
    }

    [Test]
    public void Looking_writes_nothing()
    {
        using var ffprobe = OperatingSystem.IsWindows() ? null : FakeFfprobe.Answering(FakeFfprobe.FiveSeconds);
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole, FootageTree.At("08:00:10"));
        _tree.Put("front/2026-11-23_09-00-00.mp4", FootageTree.Truncated, FootageTree.At("09:00:10"));
        _tree.PutBytes("front/2026-11-23_09-10-00.mp4", "", FootageTree.At("09:10:00"));
        _tree.PutBytes("notes.txt", "x", FootageTree.At("09:10:00"));
        var before = _tree.Listing();

        _tree.Look(opinion: ffprobe is null ? null : new SecondOpinionOptions { Ffprobe = ffprobe.Path });

        Assert.That(_tree.Listing(), Is.EqualTo(before));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "the ffprobe put in its place is a shell script")]
    public void A_second_opinion_that_differs_is_a_finding_of_that_camera()
    {
        using var ffprobe = FakeFfprobe.Answering(FakeFfprobe.FiveSeconds);
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        _tree.Put("back/2026-11-23_08-00-00.mp4", FootageTree.Truncated);

        var outcome = _tree.Look(opinion: new SecondOpinionOptions { Ffprobe = ffprobe.Path });

        AssertProblems(outcome, (ProblemCode.TruncatedFile, "back/2026-11-23_08-00-00.mp4"));
        Assert.That(outcome.Cameras.Select(c => (c.Observation.Camera, c.Findings.Single().Code)), Is.EqualTo(new[] { ("back", FindingCode.MediaMissing), ("front", FindingCode.SecondOpinionDiffers) }));
        Assert.That(outcome.Cameras[1].Findings.Single().Measure, Is.EqualTo("ffprobe reads 5.0 s in a file where 10.0 s were measured"));
        Assert.That(ffprobe.Starts, Is.EqualTo(1), "a truncated file is not asked about");
    }

    [Test]
    public void Many_problems_of_a_kind_are_counted()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);
        for (var i = 0; i < 60; i++)
            _tree.PutBytes($"front/2026-11-22_08-{i:00}-00.mp4", "", FootageTree.At("08:00:00"));

        var problems = _tree.Look().Problems;

        Assert.That(problems, Has.Count.EqualTo(51));
        Assert.That(problems[^1], Is.EqualTo(new ProbeProblem("r", null, ProblemCode.EmptyFile, "and 10 more of this kind")));
    }

    [Test]
    public void Cancellation_throws()
    {
        _tree.Put("front/2026-11-23_08-00-00.mp4", FootageTree.Whole);

        Assert.That(() => _tree.Look(cancel: new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    void Shell(string command)
    {
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var argument in new[] { "-c", command, "sh", _tree.Root })
            start.ArgumentList.Add(argument);
        using var shell = Process.Start(start)!;
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero);
    }

    static void AssertFailed(ProbeOutcome outcome, ProblemCode code, string message)
    {
        Assert.That(outcome.Failed, Is.True);
        Assert.That(outcome.Cameras, Is.Empty);
        Assert.That(outcome.Problems.Single().Code, Is.EqualTo(code));
        Assert.That(outcome.Problems.Single().Message, Does.Contain(message));
    }

    static void AssertProblems(ProbeOutcome outcome, params (ProblemCode, string?)[] expected) =>
        Assert.That(outcome.Problems.Select(p => (p.Code, p.Path)), Is.EquivalentTo(expected));

    static void AssertSeen(ProbeOutcome outcome, TimeRange[] recorded, TimeRange[] unseen)
    {
        var seen = outcome.Cameras.Single().Observation;
        Assert.That(seen.Recorded, Is.EqualTo(recorded));
        Assert.That(seen.Unseen, Is.EqualTo(unseen));
    }
}
