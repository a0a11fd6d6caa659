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
        $"{Zone.Id} daily {Policy.DailyLoss} weekly {Policy.WeeklyLoss} commissioning {Evidence.Commissioning?.Within}\n"
        + string.Join("\n", Evidence.Timeline.Spans.Select(s => $"  {s.Range.From:dd HH:mm:ss} {s.Range.To:dd HH:mm:ss} {s.State}"));
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

    public static readonly Gen<TimeRange> Range = Gen.Select(Gen.Int[0, Window - 1], Length, (from, length) => At(from, Math.Min(Window, from + length)));

    static readonly Gen<RangeSet> Holes = Range.Array[0, 12].Select(r => RangeSet.Of(r));

    // Mostly long footage with holes in it, as recorders have; sometimes nothing but crumbs.
    static readonly Gen<RangeSet> Recorded = Gen.OneOf(
        Gen.Select(Gen.Int[0, Window], Holes, (from, holes) => from == Window ? RangeSet.Empty : RangeSet.Of([At(from, Window)]).Except(holes)),
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 4000], Holes, (head, tail, holes) => RangeSet.Of([At(head, Window - tail)]).Except(holes)),
        Holes);

    static readonly Gen<RangeSet> Few = Gen.OneOf(Gen.Const(RangeSet.Empty), Range.Array[0, 3].Select(r => RangeSet.Of(r)));

    static readonly Gen<Commissioning?> Began = Gen.OneOf(
        Gen.Const((Commissioning?)null),
        Gen.Select(Gen.Int[-86400, Window], Gen.Int[0, 86400], (from, length) => (Commissioning?)new Commissioning(At(from, from + length), CommissioningBasis.Declared)));

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
