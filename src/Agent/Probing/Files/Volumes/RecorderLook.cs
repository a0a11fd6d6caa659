using Agent.Evidence.Timelines;
using Agent.Recorders;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// One look at a recorder as the service and <c>check</c> take it: first its volume, then its tree, on a thread that gives way to
/// everybody. What its volume hides is unknown, and one that hangs holds up nobody else.
/// </summary>
internal sealed class RecorderLook(FilesProbe probe, VolumeWatch volumes, ReadingThreads threads, StorageOptions options, TimeProvider time, int filesPerSecond) : IRecorderProbe
{
    /// <summary>Looks once. Nothing the world does makes it throw; cancellation does.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="asOf">Footage that begins later is ignored; null to see all.</param>
    /// <param name="progress">Told of every file, on the thread that reads.</param>
    /// <param name="cancel">Ends the look early.</param>
    public async Task<ProbeOutcome> LookAsync(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        var name = NameOf(recorder);
        if (threads.IsOut(name))
            return Hangs(recorder, null, "has not come back since an earlier look");
        var volume = await volumes.LookAsync(recorder, cancel);
        if (volume.State == VolumeState.Stale)
            return new ProbeOutcome { Recorder = recorder.Id, LookedAt = time.GetUtcNow(), Problems = volume.Problems, Failed = true, Volume = volume };

        var at = "";
        var seen = await threads.RunAsync(name, options.HangsAfter, (pulse, give) =>
        {
            ReadBudget.Begin(filesPerSecond, time, give);
            return probe.Look(recorder, asOf, new Beating(pulse, progress, file => Volatile.Write(ref at, file)), give);
        }, cancel);
        return seen is null
            ? Hangs(recorder, volume, $"has not moved for {options.HangsAfter.TotalSeconds:0} s{(at.Length > 0 ? $" at or after {Printable.Text(at)}" : "")}")
            : Joined(seen, volume);
    }

    /// <summary>
    /// Reads a recorder for another purpose than a look; null when it does not answer, or does not get on. What reads is handed the
    /// recorder with the zone its names are read by.
    /// </summary>
    public async Task<T?> ReadAsync<T>(Recorder recorder, Func<Recorder, Action, CancellationToken, T> read, CancellationToken cancel)
        where T : class =>
        threads.IsOut(NameOf(recorder)) || (await volumes.LookAsync(recorder, cancel)).State == VolumeState.Stale
            ? null
            : await threads.RunAsync($"reading {recorder.Id}", options.HangsAfter, (pulse, give) => read(probe.By(recorder), pulse.Beat, give), cancel);

    /// <summary>Counts its files, beside a look at it; null when it does not answer.</summary>
    public Task<FootageCount?> CountAsync(Recorder recorder, CancellationToken cancel) =>
        threads.RunAsync($"counting {recorder.Id}", options.HangsAfter, (pulse, give) => FootageCount.Of(recorder, pulse.Beat, give), cancel);

    static string NameOf(Recorder recorder) => $"look {recorder.Id}";

    ProbeOutcome Hangs(Recorder recorder, VolumeReading? volume, string why) => new()
    {
        Recorder = recorder.Id,
        LookedAt = time.GetUtcNow(),
        Problems = [VolumeProblems.Stale(recorder.Id, recorder.Path, why)],
        Failed = true,
        Volume = volume is null ? null : volume with { State = VolumeState.Stale },
    };

    static ProbeOutcome Joined(ProbeOutcome seen, VolumeReading volume) => seen with
    {
        Problems = [.. volume.Problems, .. seen.Problems],
        Volume = volume,
        Cameras = volume.UnseenBefore is not { } instant ? seen.Cameras : [.. seen.Cameras.Select(camera => Without(camera, instant))],
    };

    // What was found is there, wherever it lies; what was not found before that instant may lie on the volume that is not here.
    static CameraFootage Without(CameraFootage camera, DateTimeOffset instant)
    {
        var looked = camera.Observation.Looked;
        var hidden = RangeSet.Of([new TimeRange(looked.From, instant > looked.From ? instant : looked.From)]).Clip(looked);
        return camera with { Observation = camera.Observation with { Unseen = camera.Observation.Unseen.Union(hidden) } };
    }

    sealed class Beating(Pulse pulse, IProgress<ProbeProgress>? listener, Action<string> at) : IProgress<ProbeProgress>
    {
        public void Report(ProbeProgress value)
        {
            pulse.Beat();
            at(value.RelativePath);
            listener?.Report(value);
        }
    }
}
