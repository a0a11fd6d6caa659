using System.Collections.Immutable;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>What a statement claims for one number of days. Nothing in it is believed: <see cref="HeartbeatAuditor"/> judges again.</summary>
public sealed record ThresholdClaim
{
    /// <summary>The days, each 86,400 s.</summary>
    public required int Days { get; init; }

    /// <summary>The worse of the two below.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Whether the footage inside the days is unbroken within the budgets.</summary>
    public required Verdict Continuity { get; init; }

    /// <summary>Whether what was recorded is still there at its required age.</summary>
    public required Verdict Retention { get; init; }

    /// <summary>Recorded ÷ scheduled, cut (not rounded) to four decimals, so that 1 means nothing is missing; null when nothing was scheduled.</summary>
    public required decimal? Ratio { get; init; }

    /// <summary>How much of the days is recorded, before any folding of gaps.</summary>
    public required Coverage Coverage { get; init; }

    /// <summary>Why it is not <see cref="Verdict.Met"/>.</summary>
    public required ImmutableArray<VerdictReason> Reasons { get; init; }

    internal static ThresholdClaim Of(ThresholdVerdict answer, Coverage coverage) => new()
    {
        Days = answer.Days,
        Verdict = answer.Verdict,
        Continuity = answer.Continuity,
        Retention = answer.Retention,
        Ratio = RatioOf(coverage),
        Coverage = coverage,
        Reasons = [.. answer.Reasons],
    };

    // Whole numbers only: two machines must come to the same digits.
    static decimal? RatioOf(Coverage coverage) =>
        (coverage.Recorded + coverage.Gap + coverage.Unknown).Ticks is var scheduled and > 0
            ? (long)((Int128)coverage.Recorded.Ticks * 10_000 / scheduled) / 10_000m
            : null;

    /// <summary>Two claims are equal when all fields are, and the same reasons stand in the same order.</summary>
    /// <param name="other">The claim to compare with.</param>
    /// <returns>Whether both say the same.</returns>
    public bool Equals(ThresholdClaim? other) => other is not null
        && Days == other.Days && Verdict == other.Verdict && Continuity == other.Continuity && Retention == other.Retention
        && Ratio == other.Ratio && Coverage == other.Coverage && Reasons.SequenceEqual(other.Reasons);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Days, Verdict, Continuity, Retention, Coverage);
}
