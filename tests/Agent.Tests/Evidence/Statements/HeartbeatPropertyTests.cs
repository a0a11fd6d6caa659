using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence.Verdicts;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class HeartbeatPropertyTests
{
    const int Samples = 1000;

    // What a recorder does that records on motion, or stumbles: many small holes in a few days, some of them over midnight.
    static readonly Gen<RangeSet> Crumbs =
        Gen.Select(Gen.Long[0, 3L * 86_400_000], Gen.OneOf(Gen.Long[1, 9_000], Gen.Long[3_000, 400_000]))
            .Array[0, 60]
            .Select(pairs => RangeSet.Of(pairs.Select(p => new TimeRange(Histories.Start.AddMilliseconds(p.Item1), Histories.Start.AddMilliseconds(p.Item1 + p.Item2)))));

    static readonly Gen<History> Crumbling = Gen.Select(Histories.Any, Crumbs).Select((history, crumbs) =>
    {
        var before = history.Evidence.Timeline;
        return history.With(Timeline.Of(
            before.Window, before.In(SpanState.Recorded).Except(crumbs), before.In(SpanState.Unknown), before.In(SpanState.NotScheduled)));
    });

    // What clocks finer than a statement see: edges that lie a few ticks apart, and pieces of one tick.
    static readonly Gen<History> Ticking = Gen.Select(Crumbling, Gen.Long[-9_999, 9_999], Gen.Long[-9_999, 9_999], Gen.Long[1, 20_000]).Select((history, recorded, unknown, piece) =>
    {
        var before = history.Evidence.Timeline;
        var crumb = new TimeRange(Histories.Now.AddDays(-1), Histories.Now.AddDays(-1).AddTicks(piece));
        return history.With(Timeline.Of(
            before.Window, before.In(SpanState.Recorded).Shift(new TimeSpan(recorded)).Except(RangeSet.Of([crumb])),
            before.In(SpanState.Unknown).Shift(new TimeSpan(unknown)), before.In(SpanState.NotScheduled)));
    });

    [Test]
    public void What_is_written_reads_back_to_the_same_bytes_and_agrees() =>
        Gen.Select(Gen.OneOf(Crumbling, Ticking), Gen.OneOfConst(0, 3, 20, 500)).Sample((history, mostGaps) =>
        {
            var bytes = HeartbeatCodec.Encode(TestHeartbeats.Of(history, mostGaps));
            var read = HeartbeatCodec.Decode(bytes);
            var audit = HeartbeatAuditor.Audit(read, Histories.Now.AddSeconds(3));
            return HeartbeatCodec.Encode(read).AsSpan().SequenceEqual(bytes) && audit is { Judged: ServerJudgement.Agrees, Reason: null, Differences.IsEmpty: true };
        }, iter: Samples);

    [Test]
    public void Folding_changes_nothing_that_is_claimed() =>
        Gen.Select(Gen.OneOf(Crumbling, Ticking), Gen.OneOfConst(0, 1, 2, 5, 20)).Sample(
            (history, mostGaps) => Same(TestHeartbeats.From(history, mostGaps).Claimed, TestHeartbeats.From(history, int.MaxValue).Claimed),
            iter: Samples);

    [Test]
    public void Folding_leaves_a_stricter_or_milder_auditor_with_the_same_verdicts() =>
        Gen.Select(Crumbling, Gen.OneOfConst(0, 2, 10), Gen.Int[0, 7200], Gen.Int[0, 20_000]).Sample((history, mostGaps, daily, weekly) =>
        {
            var own = history.Policy with { DailyLoss = TimeSpan.FromSeconds(daily), WeeklyLoss = TimeSpan.FromSeconds(weekly) };
            return Verdicts(TestHeartbeats.From(history, mostGaps).Judge(history.Calendar, own))
                .SequenceEqual(Verdicts(TestHeartbeats.From(history, int.MaxValue).Judge(history.Calendar, own)));
        }, iter: Samples);

    [Test]
    public void The_claim_is_what_judging_the_uncut_evidence_gives() =>
        Crumbling.Sample(history =>
        {
            var (claimed, assessed) = (TestHeartbeats.From(history, 2).Claimed, history.Assess());
            return claimed.ContinuousSince == assessed.ContinuousSince && claimed.ContinuousAge == assessed.ContinuousAge
                && claimed.ContinuousAgeAtMost == assessed.ContinuousAgeAtMost && claimed.Oldest == assessed.Oldest && claimed.Newest == assessed.Newest
                && Verdicts(claimed).SequenceEqual(assessed.Thresholds.Select(t => t.Verdict))
                && claimed.Thresholds.Select(t => t.Coverage).SequenceEqual(assessed.Thresholds.Select(t => t.Coverage))
                && claimed.Findings.SequenceEqual(assessed.Findings);
        }, iter: Samples);

    [Test]
    public void A_small_cap_folds_and_what_is_left_is_what_may_not_be_folded() =>
        Crumbling.Sample(history =>
        {
            var (whole, folded) = (TestHeartbeats.From(history, int.MaxValue).Timeline, TestHeartbeats.From(history, 0).Timeline);
            return folded.Gaps.Count + folded.Folded.Sum(f => f.Count) == whole.Gaps.Count
                && folded.Folded.All(f => history.Calendar.Split(f.Range).Count() == 1)
                && folded.Timeline.In(SpanState.Gap).Length == whole.Gaps.Length;
        }, iter: Samples);

    [Test]
    public void A_gap_left_out_does_not_agree() =>
        Gen.Select(Crumbling, Gen.Int[0, 1000]).Sample((history, which) =>
        {
            var heartbeat = TestHeartbeats.Of(history);
            var gaps = heartbeat.Cameras[0].Timeline.Gaps;
            // Before the first measured day nothing is counted, and so nothing can be contradicted there.
            var counted = gaps.Where(g => g.To > Histories.Now.AddDays(-2)).ToList();
            if (counted.Count == 0)
                return true;
            var hidden = counted[which % counted.Count];
            var changed = heartbeat.WithTimeline(t => new StatedTimeline(t.Window, gaps.Except(RangeSet.Of([hidden])), t.Folded, t.Unknown, t.NotScheduled));
            return HeartbeatAuditor.Audit(HeartbeatCodec.Decode(HeartbeatCodec.Encode(changed)), Histories.Now).Judged == ServerJudgement.Differs;
        }, iter: Samples);

    static IEnumerable<Verdict> Verdicts(CameraClaim claim) => claim.Thresholds.Select(t => t.Verdict);

    static bool Same(CameraClaim a, CameraClaim b) =>
        a.Thresholds.SequenceEqual(b.Thresholds) && a.Findings.SequenceEqual(b.Findings)
        && a with { Thresholds = b.Thresholds, Findings = b.Findings } == b;
}
