using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>What the evidence of one camera comes to.</summary>
public sealed record CameraAssessment
{
    /// <summary>The instant judged.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Start of the oldest footage; null when there is none.</summary>
    public required DateTimeOffset? Oldest { get; init; }

    /// <summary>End of the newest footage; null when there is none.</summary>
    public required DateTimeOffset? Newest { get; init; }

    /// <summary>The unbroken run that reaches now began here, as far as is proved; null when there is no footage.</summary>
    public required DateTimeOffset? ContinuousSince { get; init; }

    /// <summary>now − <see cref="ContinuousSince"/>: the proved lower bound. Zero when looked and empty, null when never known.</summary>
    public required TimeSpan? ContinuousAge { get; init; }

    /// <summary>The same if everything unknown were footage: the upper bound.</summary>
    public required TimeSpan ContinuousAgeAtMost { get; init; }

    /// <summary>The gap that ends the run, as far as is proved; null when it runs to the oldest footage.</summary>
    public required TimeRange? BrokenBy { get; init; }

    /// <summary>Days that bind this camera.</summary>
    public required int RequiredDays { get; init; }

    /// <summary>One answer for each measured number of days, ascending.</summary>
    public required IReadOnlyList<ThresholdVerdict> Thresholds { get; init; }

    /// <summary>What a person must look at.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Age of the oldest footage; null when there is none.</summary>
    public TimeSpan? Reach => AsOf - Oldest;

    /// <summary>The answer for the days that bind.</summary>
    public ThresholdVerdict Binding => Thresholds.Single(t => t.Days == RequiredDays);
}
