using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing;

/// <summary>What a probe saw of one camera, with the figures around it.</summary>
internal sealed record CameraFootage
{
    /// <summary>The observation proper.</summary>
    public required Observation Observation { get; init; }

    /// <summary>The oldest footage of the observation proper, on our clock; null when there is none.</summary>
    public DateTimeOffset? Oldest => Observation.Recorded is [var first, ..] ? first.From - Observation.ClockOffset : null;

    /// <summary>What others of the same recorder say of the camera, and footage that is there and that we do not vouch for: each observation speaks of its own stretch of time only.</summary>
    public IReadOnlyList<Observation> Listed { get; init; } = [];

    /// <summary>The part of what was recorded that nobody is writing to any more, so that it must still be there at the next look.</summary>
    public RangeSet Settled { get; init; } = RangeSet.Empty;

    /// <summary>Name of the layout it was found in.</summary>
    public required string Layout { get; init; }

    /// <summary>Whether layout and containers were held against real recorders' output.</summary>
    public required bool Proven { get; init; }

    /// <summary>Stored pieces.</summary>
    public required long Segments { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of the pieces that begin within <see cref="CameraStorage.LastDays"/> before the look; null when not counted.</summary>
    public long? RecentBytes { get; init; }

    /// <summary>Median length of a piece; zero when none is known.</summary>
    public required TimeSpan UsualSegment { get; init; }

    /// <summary>What a person must look at.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
