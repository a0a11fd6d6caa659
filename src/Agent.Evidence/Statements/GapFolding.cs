using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>
/// Tells a timeline with a bounded number of gaps and keeps every verdict. Continuity asks of gaps only how long the longest is and
/// how much each site-local day lost since the instant judged from. So gaps may be summed that lie in one day between two such
/// instants: a sum above the daily loss broke its day before it was summed, too. Never summed are gaps across midnight or across
/// such an instant, gaps beside unknown time (judged as one with it), and those before the oldest or after the newest footage.
/// </summary>
static class GapFolding
{
    // Up to three are shorter told one by one than as a figure.
    const int FewestTogether = 4;

    /// <param name="timeline">What was seen, in whole milliseconds.</param>
    /// <param name="calendar">The site's days.</param>
    /// <param name="cuts">The instants something is judged from.</param>
    /// <param name="mostGaps">Above so many gaps the smallest are folded.</param>
    public static StatedTimeline Fold(Timeline timeline, SiteCalendar calendar, IReadOnlyCollection<DateTimeOffset> cuts, int mostGaps)
    {
        var gaps = timeline.In(SpanState.Gap);
        var folds = gaps.Count <= mostGaps ? [] : Foldable(timeline, calendar, cuts)
            .OrderBy(g => g.Gap.Length).ThenBy(g => g.Gap.From)
            .Take(gaps.Count - mostGaps)
            .GroupBy(g => g.Unit, g => g.Gap)
            .Select(g => g.ToList())
            .Where(g => g.Count >= FewestTogether)
            .ToList();
        return new StatedTimeline(
            timeline.Window,
            gaps.Except(RangeSet.Of(folds.SelectMany(g => g))),
            [.. folds.Select(FoldedGaps.Of).OrderBy(f => f.Range.From)],
            timeline.In(SpanState.Unknown),
            timeline.In(SpanState.NotScheduled));
    }

    static IEnumerable<(TimeRange Gap, (DateOnly Date, int Cuts) Unit)> Foldable(
        Timeline timeline, SiteCalendar calendar, IReadOnlyCollection<DateTimeOffset> cuts)
    {
        var spans = timeline.Spans;
        for (var i = 1; i < spans.Count - 1; i++)
        {
            var gap = spans[i].Range;
            if (spans[i].State != SpanState.Gap || spans[i - 1].State == SpanState.Unknown || spans[i + 1].State == SpanState.Unknown
                || gap.From < timeline.Oldest || gap.To > timeline.Newest || cuts.Any(c => gap.From < c && c < gap.To))
                continue;
            var days = calendar.Split(gap).ToList();
            if (days.Count == 1)
                yield return (gap, (days[0].Date, cuts.Count(c => c <= gap.From)));
        }
    }
}
