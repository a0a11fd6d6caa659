using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>The answer for one number of days.</summary>
/// <param name="Days">The days, each 86,400 s.</param>
/// <param name="Continuity">Whether the footage inside the days is unbroken within the budgets.</param>
/// <param name="Retention">Whether what was recorded is still there at its required age.</param>
/// <param name="Coverage">How much of the days is recorded.</param>
/// <param name="Reasons">Why it is not <see cref="Verdict.Met"/>; distinct, in the order of <see cref="VerdictReason"/>.</param>
public sealed record ThresholdVerdict(int Days, Verdict Continuity, Verdict Retention, Coverage Coverage, IReadOnlyList<VerdictReason> Reasons)
{
    /// <summary>The worse of the two.</summary>
    public Verdict Verdict => Continuity > Retention ? Continuity : Retention;
}
