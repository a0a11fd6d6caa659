using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>Brings evidence into the bounds of a statement. What is cut off makes nothing look better than it was seen.</summary>
static class CarriedEvidence
{
    public static CameraEvidence Of(CameraEvidence evidence, RetentionPolicy policy, DateTimeOffset asOf) => new()
    {
        Timeline = Of(evidence.Timeline, asOf),
        LookedAt = Tellable(WholeMilliseconds.Of(evidence.LookedAt)),
        Freshness = WholeMilliseconds.Of(evidence.Freshness),
        Commissioning = evidence.Commissioning is { } began
            ? began with { Within = new TimeRange(Tellable(WholeMilliseconds.Of(began.Within.From)), Tellable(WholeMilliseconds.Of(began.Within.To))) }
            : null,
        Losses = Of(evidence.Losses.Select(WholeMilliseconds.Of), policy, asOf),
        Proven = evidence.Proven,
    };

    /// <summary>Findings that do not follow from the evidence; those that do are derived anew. A character that cannot be told becomes '?'.</summary>
    public static IEnumerable<Finding> Of(IEnumerable<Finding> seen) =>
        from finding in seen
        where finding.Code is not (FindingCode.EarlyLoss or FindingCode.ThinMargin or FindingCode.CommissioningContradicted)
        let measure = new string([.. finding.Measure.Take(ClaimCodec.LongestMeasure).Select(c => ClaimCodec.IsPlain(c) ? c : '?')])
        select WholeMilliseconds.Of(finding) with { Measure = measure.Length == 0 ? "?" : measure };

    // "Never looked" and "since always" are told as 1970.
    static DateTimeOffset Tellable(DateTimeOffset time) => time < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : time;

    static Timeline Of(Timeline timeline, DateTimeOffset asOf)
    {
        var earliest = asOf - TimeSpan.FromDays(CameraStatement.LongestWindow);
        var from = WholeMilliseconds.Of(timeline.Window.From);
        var window = new TimeRange(from < earliest ? earliest : from, asOf);
        var recorded = WholeMilliseconds.Of(timeline.In(SpanState.Recorded));
        var notScheduled = WholeMilliseconds.Of(timeline.In(SpanState.NotScheduled));
        // Nothing is known after the timeline ends.
        var end = WholeMilliseconds.Of(timeline.Window.To);
        var unknown = WholeMilliseconds.Of(timeline.In(SpanState.Unknown)).Union(RangeSet.Of([new TimeRange(end < asOf ? end : asOf, asOf)])).Clip(window);
        var between = Between(unknown, notScheduled);
        return Timeline.Of(window, recorded.Except(between), unknown.Union(between), notScheduled);
    }

    /// <summary>What to call unknown as well, so that few enough ranges remain: the smallest pieces between two of them.</summary>
    static RangeSet Between(RangeSet unknown, RangeSet notScheduled) => unknown.Count <= CameraStatement.MostUnknown
        ? RangeSet.Empty
        : RangeSet.Of(unknown.Complement(new TimeRange(unknown[0].From, unknown[^1].To))
            .Where(r => notScheduled.Clip(r).Count == 0)
            .OrderBy(r => r.Length).ThenBy(r => r.From)
            .Take(unknown.Count - CameraStatement.MostUnknown));

    /// <summary>
    /// Losses that some measured days still ask for. Where there are too many: for each number of days and each kind the one that
    /// was youngest when it went, on which alone the verdict rests, then the newest.
    /// </summary>
    static List<FootageLoss> Of(IEnumerable<FootageLoss> losses, RetentionPolicy policy, DateTimeOffset asOf)
    {
        var due = losses.Where(l => !l.Range.IsEmpty && l.Range.To > asOf - TimeSpan.FromDays(policy.MeasuredDays[^1])).ToList();
        if (due.Count <= CameraStatement.MostLosses)
            return due;
        var telling = policy.MeasuredDays.SelectMany(days => due
            .Where(l => l.Range.To > asOf - TimeSpan.FromDays(days))
            .GroupBy(l => l.FromOldestEdge)
            .Select(g => g.MinBy(l => l.NoticedAt - l.Range.To)!));
        return [.. telling.Concat(due.OrderByDescending(l => l.NoticedAt)).Distinct().Take(CameraStatement.MostLosses).OrderBy(l => l.NoticedAt)];
    }
}
