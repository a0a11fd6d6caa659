using Agent.Evidence.Timelines;

namespace Agent.Evidence.Statements;

/// <summary>
/// Several small gaps told as one figure. They lie in one site-local day, on one side of every instant a verdict is judged from, so
/// that what the day lost on that side is still exact; only where within <paramref name="Range"/> is no longer told.
/// </summary>
/// <param name="Range">From the start of the first to the end of the last of them.</param>
/// <param name="Count">How many there are, at least 2.</param>
/// <param name="Length">The sum of their lengths.</param>
/// <param name="Longest">The longest of them.</param>
public sealed record FoldedGaps(TimeRange Range, int Count, TimeSpan Length, TimeSpan Longest)
{
    internal static FoldedGaps Of(IReadOnlyCollection<TimeRange> gaps) => new(
        new TimeRange(gaps.Min(g => g.From), gaps.Max(g => g.To)),
        gaps.Count,
        gaps.Aggregate(TimeSpan.Zero, (sum, g) => sum + g.Length),
        gaps.Max(g => g.Length));
}
