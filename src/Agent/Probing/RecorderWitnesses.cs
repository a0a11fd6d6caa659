using Agent.Evidence.Timelines;
using Agent.Probing.Files;
using Agent.Recorders;

namespace Agent.Probing;

/// <summary>
/// A recorder as it is configured: its folder is read, its address is asked, or both, at the same time. What two witnesses say of one camera
/// is kept apart, for the timeline to weigh.
/// </summary>
/// <param name="files">Reads the folder.</param>
/// <param name="network">Asks the address.</param>
internal sealed class RecorderWitnesses(IRecorderProbe files, IRecorderProbe network) : IRecorderProbe
{
    public async Task<ProbeOutcome> LookAsync(Recorder recorder, DateTimeOffset? asOf, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        if (recorder.Address is null)
            return await files.LookAsync(recorder, asOf, progress, cancel);
        if (!recorder.HasFolder)
            return await network.LookAsync(recorder, asOf, progress, cancel);
        var (read, asked) = (files.LookAsync(recorder, asOf, progress, cancel), network.LookAsync(recorder, asOf, null, cancel));
        await Task.WhenAll(read, asked);
        return Joined(await read, await asked);
    }

    /// <summary>Both looks as one. What one of them alone could not see is not lost, and a camera that only the other lists may be on both.</summary>
    static ProbeOutcome Joined(ProbeOutcome read, ProbeOutcome asked)
    {
        var second = asked.Cameras.ToDictionary(c => c.Observation.Camera, StringComparer.Ordinal);
        var first = read.Cameras.Select(c => c.Observation.Camera).ToHashSet(StringComparer.Ordinal);
        var oneFailed = read.Failed != asked.Failed;
        return read with
        {
            LookedAt = read.LookedAt < asked.LookedAt ? read.LookedAt : asked.LookedAt,
            Cameras =
            [
                .. read.Cameras.Select(c => second.TryGetValue(c.Observation.Camera, out var other) ? With(c, other) : c)
                    .Concat(asked.Cameras.Where(c => !first.Contains(c.Observation.Camera))).OrderBy(c => c.Observation.Camera, StringComparer.Ordinal),
            ],
            Problems = [.. read.Problems, .. asked.Problems],
            Failed = read.Failed && asked.Failed,
            Unsteady = read.Unsteady || asked.Unsteady || oneFailed,
            IsIncomplete = read.IsIncomplete || asked.IsIncomplete || oneFailed,
        };
    }

    /// <summary>Of a declared camera that has no file the folder is no witness worth more: the recorder may keep it elsewhere.</summary>
    static CameraFootage With(CameraFootage read, CameraFootage asked) => read.Segments == 0 && read.Observation.Unseen.Count == 0
        ? asked
        : read with
        {
            Listed = [.. read.Listed, .. ((Observation[])[asked.Observation, .. asked.Listed]).Select(told => read.Proven && !asked.Proven ? Beside(read.Observation, told) : told)],
            Findings = [.. read.Findings, .. asked.Findings],
        };

    /// <summary>
    /// Whoever was never held against real recorders may agree with the files or contradict them. Where the files say nothing it does not
    /// speak in their place: it cannot by itself make a camera met.
    /// </summary>
    static Observation Beside(Observation read, Observation told)
    {
        var unseen = told.Unseen.Union(read.Unseen.Shift(told.ClockOffset - read.ClockOffset));
        return told with { Recorded = told.Recorded.Except(unseen), Unseen = unseen };
    }
}
