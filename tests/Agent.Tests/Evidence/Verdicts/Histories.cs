using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using CsCheck;

namespace Agent.Tests.Evidence.Verdicts;

/// <summary>A random history of one camera over a few days, in whole seconds, and everything else a verdict rests on.</summary>
internal sealed record History(CameraEvidence Evidence, RetentionPolicy Policy, TimeZoneInfo Zone)
{
    public SiteCalendar Calendar { get; } = new(Zone);

    public CameraAssessment Assess() => RetentionAssessor.Assess(Evidence, Policy, Calendar, Histories.Now);

    public History With(Timeline timeline) => this with { Evidence = Evidence with { Timeline = timeline } };

    public override string ToString() =>
        $"{Zone.Id} required {Policy.RequiredDays} d daily {Policy.DailyLoss} weekly {Policy.WeeklyLoss} commissioning {Evidence.Commissioning?.Within}\n"
        + string.Concat(Evidence.Losses.Select(l => $"  lost {l.Range.From:dd HH:mm:ss.fffffff} {l.Range.To:dd HH:mm:ss.fffffff} noticed {l.NoticedAt:dd HH:mm:ss} at the edge {l.FromOldestEdge}\n"))
        + string.Join("\n", Evidence.Timeline.Spans.Select(s => $"  {s.Range.From:dd HH:mm:ss.fffffff} {s.Range.To:dd HH:mm:ss.fffffff} {s.State}"));
}

/// <summary>Makes random histories. Days are few so that a model with one cell per second stays affordable; the rules do not know.</summary>
internal static class Histories
{
    const int Window = 3 * 86400;

    /// <summary>Two days after European clocks went back, so that one zone of the two has a 25-hour day in the window.</summary>
    public static readonly DateTimeOffset Now = new(2026, 10, 27, 9, 30, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Start = Now.AddSeconds(-Window);

    static readonly TimeZoneInfo[] Zones = [TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")];

    // Holes and pieces of every size that matters: below and above the budgets, across midnights, of whole days.
    static readonly Gen<int> Length = Gen.OneOf(Gen.Int[1, 90], Gen.Int[200, 2400], Gen.Int[1500, 9000], Gen.Int[10_000, 120_000]);

    static readonly Gen<TimeRange> Loose = Gen.Select(Gen.Int[0, Window - 1], Length, (from, length) => At(from, Math.Min(Window, from + length)));

    // The instants rules turn at (ages, midnights of both zones, the oldest edge, freshness, now) and a budget or a second to either side of them.
    static readonly Gen<int> Edge = Gen.Select(
        Gen.OneOfConst(0, Window - 2 * 86400, Window - 86400, Window - 900, Window, 23400, 48600, 52200, 109800, 138600, 196200, 225000),
        Gen.OneOf(Gen.OneOfConst(0, 1, 600, 601, 899, 900, 901, 1800, 1801, 3600, 3601, 7200, 7201), Gen.Int[0, 7200]),
        Gen.Bool,
        (anchor, off, before) => Math.Clamp(before ? anchor - off : anchor + off, 0, Window));

    static readonly Gen<TimeRange> Tight = Gen.Select(Edge, Edge, (a, b) =>
    {
        var from = Math.Min(Math.Min(a, b), Window - 1);
        return At(from, Math.Max(Math.Max(a, b), from + 1));
    });

    public static readonly Gen<TimeRange> Range = Gen.OneOf(Loose, Tight);

    static readonly Gen<RangeSet> Holes = Range.Array[0, 12].Select(r => RangeSet.Of(r));

    // Mostly long footage with holes in it, as recorders have; sometimes nothing but crumbs.
    static readonly Gen<RangeSet> Recorded = Gen.OneOf(
        Gen.Select(Gen.Int[0, Window], Holes, (from, holes) => from == Window ? RangeSet.Empty : RangeSet.Of([At(from, Window)]).Except(holes)),
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 4000], Holes, (head, tail, holes) => RangeSet.Of([At(head, Window - tail)]).Except(holes)),
        Gen.Select(Edge, Range.Array[0, 4], (from, holes) => RangeSet.Of([At(from, Window)]).Except(RangeSet.Of(holes))),
        Holes);

    static readonly Gen<RangeSet> Few = Gen.OneOf(Gen.Const(RangeSet.Empty), Range.Array[0, 3].Select(r => RangeSet.Of(r)));

    static readonly Gen<Commissioning?> Began = Gen.OneOf(
        Gen.Const((Commissioning?)null),
        Gen.Select(Gen.OneOf(Gen.Int[-86400, Window], Edge), Gen.OneOf(Gen.Int[0, 86400], Gen.Const(86400)), (from, length) => (Commissioning?)new Commissioning(At(from, from + length), CommissioningBasis.Declared)));

    static readonly Gen<FootageLoss[]> Losses = Gen.OneOf(
        Gen.Const(Array.Empty<FootageLoss>()),
        Gen.Const(Array.Empty<FootageLoss>()),
        Gen.Select(Range, Gen.Int[0, 86400], Gen.Bool, (range, later, edge) => new FootageLoss(range, Earlier(range.To.AddSeconds(later)), edge)).Array[0, 2]);

    static readonly Gen<RetentionPolicy> Policy = Gen.Select(Gen.Int[1, 2], Gen.OneOfConst(600, 1800, 3600), Gen.OneOfConst(1800, 7200), (days, daily, weekly) =>
        new RetentionPolicy { RequiredDays = days, AlwaysMeasured = [1, 2], DailyLoss = TimeSpan.FromSeconds(daily), WeeklyLoss = TimeSpan.FromSeconds(weekly) });

    public static readonly Gen<History> Any = Gen.Select(
        Gen.Select(Recorded, Few, Few), Gen.Select(Began, Losses), Policy, Gen.OneOfConst(Zones),
        (spans, known, policy, zone) => new History(
            new CameraEvidence
            {
                Timeline = Timeline.Of(new TimeRange(Start, Now), spans.Item1, spans.Item2, spans.Item3),
                LookedAt = Now,
                Freshness = TimeSpan.FromMinutes(15),
                Commissioning = known.Item1,
                Losses = known.Item2,
            },
            policy, zone));

    static TimeRange At(int from, int to) => new(Start.AddSeconds(from), Start.AddSeconds(to));

    static DateTimeOffset Earlier(DateTimeOffset instant) => instant < Now ? instant : Now;
}
