using System.Globalization;

namespace Agent.Probing.Files.Volumes;

/// <summary>What is told of a volume, in plain words.</summary>
internal static class VolumeProblems
{
    // After so long no measurement reaches back to the volume before, whatever is required.
    static readonly TimeSpan Told = TimeSpan.FromDays(366);

    public static IEnumerable<ProbeProblem> Of(string recorder, VolumeReading volume, KeptVolume? kept, DateTimeOffset now)
    {
        var place = Printable.Text(volume.Point);
        if (volume.State == VolumeState.Missing)
            yield return new ProbeProblem(recorder, null, ProblemCode.VolumeMissing,
                $"the volume that was at {Printable.Text(kept?.Point ?? "")} is not mounted; what lies there now lies on {place}, and what the missing volume holds is unknown");
        if (volume.State == VolumeState.Replaced && volume.UnseenBefore is { } since && now - since < Told)
            yield return new ProbeProblem(recorder, null, ProblemCode.VolumeReplaced,
                string.Create(CultureInfo.InvariantCulture, $"another volume has been at {place} since {since:yyyy-MM-dd HH:mm:ss} UTC; footage of before may be on the one that was there, and is unknown"));
        // A share that is mounted read-only for us alone is as it should be.
        if (volume is { IsReadOnly: true, Kind: not (VolumeKind.Network or VolumeKind.Overlay) })
            yield return new ProbeProblem(recorder, null, ProblemCode.VolumeReadOnly, $"the file system at {place} takes no writes: nothing can be recorded there");
        if (volume.IsFull)
            yield return new ProbeProblem(recorder, null, ProblemCode.VolumeFull, $"the volume at {place} is full: {volume.FreeBytes} of {volume.CapacityBytes} bytes are free");
    }

    public static ProbeProblem Stale(string recorder, string place, string why) =>
        new(recorder, null, ProblemCode.VolumeStale, $"{Printable.Text(place)} {why}; everything on it is unknown, and other recorders are not held up");
}
