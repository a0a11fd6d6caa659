using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>
/// Cuts evidence to what a statement can carry, before it is judged, so that both sides judge the same numbers. Every edge moves to
/// the millisecond at or before it, and so edges that were one stay one.
/// </summary>
static class WholeMilliseconds
{
    public static DateTimeOffset Of(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public static TimeSpan Of(TimeSpan span) => new(span.Ticks - (span.Ticks % TimeSpan.TicksPerMillisecond));

    public static TimeRange Of(TimeRange range) => new(Of(range.From), Of(range.To));

    public static RangeSet Of(RangeSet ranges) => RangeSet.Of(ranges.Select(Of));

    public static FootageLoss Of(FootageLoss loss) => loss with { Range = Of(loss.Range), NoticedAt = Of(loss.NoticedAt) };

    public static Finding Of(Finding finding) => finding with { Range = finding.Range is { } range && Of(range) is { IsEmpty: false } whole ? whole : null };

    public static RetentionPolicy Of(RetentionPolicy policy) =>
        policy with { DailyLoss = Of(policy.DailyLoss), WeeklyLoss = Of(policy.WeeklyLoss), AlwaysMeasured = [.. policy.AlwaysMeasured.Distinct().Order()] };
}
