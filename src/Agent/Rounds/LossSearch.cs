using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files.Indexing;

namespace Agent.Rounds;

/// <summary>Holds what a look found of a camera against what had to be there still. No I/O.</summary>
static class LossSearch
{
    /// <summary>What of a camera's footage has gone.</summary>
    /// <param name="held">What the look before left: footage nobody was writing to any more.</param>
    /// <param name="footage">What this look found; null when nothing of the camera is there.</param>
    /// <param name="elsewhere">Footage that other cameras were met with for the first time, as after a new name.</param>
    /// <param name="due">The time within which footage is asked for.</param>
    /// <param name="gone">The files that went; null when that is not known.</param>
    public static IEnumerable<NotedLoss> Find(RangeSet held, CameraFootage? footage, RangeSet elsewhere, TimeRange due, GoneFootage? gone)
    {
        var (recorded, unseen) = footage is { Observation: var seen } ? (seen.Recorded, seen.Unseen) : (RangeSet.Empty, RangeSet.Empty);
        // What cannot be seen now may be there, and may be older than what can.
        DateTimeOffset? oldest = recorded.Union(unseen) is [var first, ..] ? first.From : null;
        foreach (var piece in held.Except(recorded).Except(unseen).Except(elsewhere).Clip(due))
            if (piece.Length >= TimelineBuilder.Join)
                yield return new NotedLoss(new FootageLoss(piece, due.To, FromOldestEdge: piece.To <= oldest), gone?.BytesIn(piece));
    }

    /// <summary>What must still be there at the next look.</summary>
    public static RangeSet Held(RangeSet held, CameraFootage? footage, TimeRange due) =>
        (footage is null ? RangeSet.Empty : footage.Settled.Union(held.Intersect(footage.Observation.Unseen))).Clip(due);

    /// <summary>Whether one set of ranges holds nearly all of another.</summary>
    public static bool Holds(RangeSet whole, RangeSet part) => part.Length > TimeSpan.Zero && part.Intersect(whole).Length >= 0.9 * part.Length;
}
