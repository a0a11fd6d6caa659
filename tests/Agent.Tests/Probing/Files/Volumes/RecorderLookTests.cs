using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Volumes;
using Agent.Recorders;
using Agent.Rounds;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

[Platform("Linux")]
sealed class RecorderLookTests : IDisposable
{
    readonly FootageTree _tree = new();
    readonly FakeTimeProvider _time = new(FootageTree.Now);
    readonly Recorder _recorder;

    public RecorderLookTests()
    {
        _tree.Put("2026-11-23/09/front_door/59.50.mp4", FootageTree.Whole);
        _recorder = new Recorder("r", _tree.Root, "frigate", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
    }

    public void Dispose() => _tree.Dispose();

    [Test]
    public async Task A_look_tells_of_the_volume()
    {
        var outcome = await LookAsync(new VolumeMemory(null));
        var drive = new DriveInfo(_tree.Root);
        Assert.That(outcome.Volume!.CapacityBytes, Is.EqualTo(drive.TotalSize));
        Assert.That(outcome.Volume.FreeBytes, Is.EqualTo(drive.AvailableFreeSpace).Within(1L << 30));
        Assert.That(outcome.Volume.State, Is.EqualTo(VolumeState.Present));
        Assert.That(outcome.Cameras.Single().RecentBytes, Is.EqualTo(new FileInfo(FootageTree.Whole).Length));
        Assert.That(outcome.Problems, Is.Empty);
    }

    [Test]
    public async Task What_a_missing_volume_held_is_unknown_and_what_lies_in_its_place_is_seen()
    {
        var memory = new VolumeMemory(null);
        memory.Keep("r", new KeptVolume(_tree.Root, _tree.Root, "ext4", "uuid:gone", null));
        var outcome = await LookAsync(memory);
        Assert.That(outcome.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.VolumeMissing }));
        var timeline = Judged(outcome, "front_door").Evidence.Timeline;
        Assert.That(timeline.In(SpanState.Gap), Is.Empty);
        Assert.That(timeline.In(SpanState.Recorded).Length, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(Judged(outcome, "only_on_the_missing_one").Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
    }

    [Test]
    public async Task Before_another_volume_took_its_place_all_is_unknown_and_afterwards_it_counts()
    {
        var memory = new VolumeMemory(null);
        memory.Keep("r", new KeptVolume(_tree.Root, MountTable.Read().Of(_tree.Root)!.Point, "another", "uuid:old", null));
        var first = await LookAsync(memory);
        _time.Advance(TimeSpan.FromHours(5));
        var later = await LookAsync(memory);
        Assert.That(first.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.VolumeReplaced }));
        Assert.That(later.Problems.Select(p => p.Code), Is.EqualTo(new[] { ProblemCode.VolumeReplaced }));
        var timeline = Judged(later, "front_door").Evidence.Timeline;
        Assert.That(timeline.In(SpanState.Gap), Is.EqualTo(new[] { new TimeRange(FootageTree.Now, FootageTree.Now.AddHours(5)) }));
    }

    [Test]
    public async Task A_look_that_hangs_leaves_its_recorder_undetermined_and_no_other_held_up()
    {
        using var gate = new ManualResetEventSlim();
        using var other = new FootageTree();
        other.Put("2026-11-23/09/yard/59.50.mp4", FootageTree.Whole);
        var patience = new StorageOptions { HangsAfter = TimeSpan.FromSeconds(5) };
        var look = Looks.At(Probe(TimeProvider.System), TimeProvider.System, patience);
        var hung = look.LookAsync(_recorder, FootageTree.Now, new Stopping(gate), CancellationToken.None);
        var seen = await look.LookAsync(_recorder with { Id = "other", Path = other.Root }, FootageTree.Now, null, CancellationToken.None);
        Assert.That(hung.IsCompleted, Is.False);
        Assert.That(seen.Cameras.Single().Segments, Is.EqualTo(1));

        var outcome = await hung;
        Assert.That(outcome.Failed, Is.True);
        Assert.That(outcome.Problems.Single().Code, Is.EqualTo(ProblemCode.VolumeStale));
        Assert.That(outcome.Problems.Single().Message, Does.Contain("has not moved for 5 s at or after 2026-11-23/09/front_door/59.50.mp4"));
        Assert.That(Judged(outcome, "front_door").Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));

        var again = await look.LookAsync(_recorder, FootageTree.Now, null, CancellationToken.None);
        Assert.That(again.Problems.Single().Message, Does.Contain("has not come back"));
        Assert.That(await look.ReadAsync(_recorder, (_, _, _) => "read", CancellationToken.None), Is.Null);
        gate.Set();
        Assert.That(SpinWait.SpinUntil(() => !look.LookAsync(_recorder, FootageTree.Now, null, CancellationToken.None).GetAwaiter().GetResult().Failed, TimeSpan.FromSeconds(30)), Is.True);
    }

    Task<ProbeOutcome> LookAsync(VolumeMemory memory) => Looks.At(Probe(_time), _time, memory: memory).LookAsync(_recorder, null, null, CancellationToken.None);

    static FilesProbe Probe(TimeProvider time) => new(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 }));

    CameraReport Judged(ProbeOutcome outcome, string camera) => new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc)).Judge(_recorder, outcome, new Sightings { Cameras = [camera] }).Single(c => c.Camera == camera);

    sealed class Stopping(ManualResetEventSlim gate) : IProgress<ProbeProgress>
    {
        public void Report(ProbeProgress value) => gate.Wait();
    }
}
