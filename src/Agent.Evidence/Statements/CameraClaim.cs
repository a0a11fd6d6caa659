using System.Collections.Immutable;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>What a statement claims its evidence comes to. Nothing in it is believed: <see cref="HeartbeatAuditor"/> judges again.</summary>
public sealed record CameraClaim
{
    /// <summary>Start of the oldest footage; null when there is none.</summary>
    public required DateTimeOffset? Oldest { get; init; }

    /// <summary>End of the newest footage; null when there is none.</summary>
    public required DateTimeOffset? Newest { get; init; }

    /// <summary>Where the unbroken run that reaches now began, as far as is proved; null when there is no footage.</summary>
    public required DateTimeOffset? ContinuousSince { get; init; }

    /// <summary>The proved continuous age; zero when looked and empty, null when never known.</summary>
    public required TimeSpan? ContinuousAge { get; init; }

    /// <summary>The same if everything unknown were footage.</summary>
    public required TimeSpan? ContinuousAgeAtMost { get; init; }

    /// <summary>One answer for each measured number of days, ascending.</summary>
    public required ImmutableArray<ThresholdClaim> Thresholds { get; init; }

    /// <summary>What a person must look at: first what follows from the evidence, then what only the agent can have seen.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    internal static CameraClaim Of(CameraAssessment assessment, StatedTimeline timeline) => new()
    {
        Oldest = assessment.Oldest,
        Newest = assessment.Newest,
        ContinuousSince = assessment.ContinuousSince,
        ContinuousAge = assessment.ContinuousAge,
        ContinuousAgeAtMost = assessment.ContinuousAgeAtMost,
        Thresholds =
        [
            .. assessment.Thresholds.Select(t => ThresholdClaim.Of(
                t, timeline.CoverageOf(new TimeRange(assessment.AsOf - TimeSpan.FromDays(t.Days), assessment.AsOf)))),
        ],
        Findings = [.. assessment.Findings.Select(WholeMilliseconds.Of)],
    };
}
