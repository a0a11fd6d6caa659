using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Rounds;

/// <summary>What earlier rounds and this one come to for the cameras of one recorder.</summary>
internal sealed record Sightings
{
    public static Sightings None { get; } = new();

    /// <summary>Cameras seen so far, by the recorder's names.</summary>
    public IReadOnlyCollection<string> Cameras { get; init; } = [];

    /// <summary>What they lost.</summary>
    public ILookup<string, NotedLoss> Losses { get; init; } = Array.Empty<(string, NotedLoss)>().ToLookup(l => l.Item1, l => l.Item2);

    /// <summary>Between the last complete round that saw the recorder without the camera and the one that met it.</summary>
    public IReadOnlyDictionary<string, TimeRange> Began { get; init; } = new Dictionary<string, TimeRange>();

    /// <summary>Cameras that were seen before and of which this round, which looked, found nothing.</summary>
    public IReadOnlySet<string> Vanished { get; init; } = new HashSet<string>();

    /// <summary>Cameras whose footage lies under another name now, and those that hold it.</summary>
    public IReadOnlySet<string> Renamed { get; init; } = new HashSet<string>();

    /// <summary>What a person must look at of a camera.</summary>
    public IEnumerable<Finding> Findings(string camera)
    {
        if (Vanished.Contains(camera))
            yield return new Finding(FindingCode.CameraVanished, null, "nothing is left of a camera that was seen before");
        if (Renamed.Contains(camera))
            yield return new Finding(FindingCode.CameraRenamed, null, "the same footage is found under another name than before");
        var known = Losses[camera].Where(l => l.Bytes is not null).ToList();
        if (known.Count > 0)
            yield return new Finding(FindingCode.FootageLost, new TimeRange(known.Min(l => l.Loss.Range.From), known.Max(l => l.Loss.Range.To)),
                $"{known.Sum(l => l.Bytes!.Value)} bytes of footage gone, {new TimeSpan(known.Sum(l => l.Loss.Range.Length.Ticks)).TotalSeconds:0} s");
    }
}
