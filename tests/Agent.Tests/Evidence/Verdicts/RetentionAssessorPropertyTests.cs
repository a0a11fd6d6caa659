using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Verdicts;

internal sealed class RetentionAssessorPropertyTests
{
    const int Samples = 10_000;

    [Test]
    public void Every_verdict_and_both_ages_equal_those_of_a_second_by_second_model() =>
        Histories.Any.Sample(history =>
        {
            var naive = new NaiveAssessor(history.Evidence, history.Policy, history.Zone, Histories.Now);
            var assessed = history.Assess();
            var (ifGap, ifFootage) = (naive.ContinuousSeconds(SpanState.Gap), naive.ContinuousSeconds(SpanState.Recorded) ?? 0);
            return assessed.Thresholds.All(t => t.Verdict == naive.Verdict(t.Days))
                && assessed.ContinuousAge?.TotalSeconds == (ifGap is { } age ? Math.Min(age, ifFootage) : EmptyAge(history))
                && assessed.ContinuousAgeAtMost.TotalSeconds == Math.Max(ifGap ?? 0, ifFootage);
        }, iter: Samples);

    [Test]
    public void What_is_met_at_some_days_is_met_at_every_smaller_number() =>
        Histories.Any.Sample(history =>
        {
            var met = history.Assess().Thresholds.Select(t => t.Verdict == Verdict.Met).ToList();
            return met.LastIndexOf(true) < 0 || met.Take(met.LastIndexOf(true)).All(m => m);
        }, iter: Samples);

    [Test]
    public void More_footage_between_the_oldest_and_the_newest_never_makes_a_verdict_worse() =>
        Gen.Select(Histories.Any, Histories.Range).Sample((history, added) =>
        {
            var before = history.Evidence.Timeline;
            if (before is not { Oldest: { } oldest, Newest: { } newest })
                return true;
            // Footage after the newest ends the tail that is not judged yet: what was missing before it counts from then on.
            var inside = added.Intersect(new TimeRange(oldest, newest));
            var known = Timeline.Of(before.Window, before.In(SpanState.Recorded), RangeSet.Empty, before.In(SpanState.NotScheduled));
            var more = Timeline.Of(before.Window, before.In(SpanState.Recorded).Union(RangeSet.Of([inside])), RangeSet.Empty, before.In(SpanState.NotScheduled));
            return NoneWorse(history.With(known).Assess(), history.With(more).Assess());
        }, iter: Samples);

    [Test]
    public void Where_something_is_unknown_more_footage_can_at_most_leave_a_question_open() =>
        Gen.Select(Histories.Any, Histories.Range).Sample((history, added) =>
        {
            var before = history.Evidence.Timeline;
            if (before is not { Oldest: { } oldest, Newest: { } newest })
                return true;
            var more = Timeline.Of(
                before.Window, before.In(SpanState.Recorded).Union(RangeSet.Of([added.Intersect(new TimeRange(oldest, newest))])),
                before.In(SpanState.Unknown), before.In(SpanState.NotScheduled));
            return history.Assess().Thresholds.Zip(history.With(more).Assess().Thresholds)
                .All(t => t.Second.Verdict <= t.First.Verdict || t.Second.Verdict == Verdict.Undetermined);
        }, iter: Samples);

    [Test]
    public void More_footage_of_a_camera_whose_beginning_is_known_never_makes_a_verdict_worse() =>
        Gen.Select(Histories.Any, Histories.Range).Sample((history, added) =>
        {
            if (history.Evidence.Commissioning is not { } began)
                return true;
            var before = history.Evidence.Timeline;
            // The camera did not exist before it began, so nothing can be recorded there.
            var existed = new TimeRange(Later(began.Within.From, before.Window.From), Later(Histories.Now, began.Within.From));
            var recorded = before.In(SpanState.Recorded).Clip(existed);
            var known = Timeline.Of(before.Window, recorded, RangeSet.Empty, before.In(SpanState.NotScheduled));
            var more = Timeline.Of(before.Window, recorded.Union(RangeSet.Of([added.Intersect(recorded is [.., var last] ? new TimeRange(existed.From, last.To) : existed)])), RangeSet.Empty, before.In(SpanState.NotScheduled));
            return NoneWorse(history.With(known).Assess(), history.With(more).Assess());
        }, iter: Samples);

    [Test]
    public void More_unknown_never_makes_it_met() =>
        Gen.Select(Histories.Any, Histories.Range).Sample((history, hidden) =>
        {
            var before = history.Evidence.Timeline;
            var blind = RangeSet.Of([hidden]);
            var after = Timeline.Of(
                before.Window, before.In(SpanState.Recorded).Except(blind),
                before.In(SpanState.Unknown).Union(blind), before.In(SpanState.NotScheduled));
            return history.Assess().Thresholds.Zip(history.With(after).Assess().Thresholds)
                .All(t => t.Second.Verdict != Verdict.Met || t.First.Verdict == Verdict.Met);
        }, iter: Samples);

    [Test]
    public void Hiding_parts_of_a_history_gives_the_same_answer_or_none() =>
        Gen.Select(Histories.Any, Histories.Range).Sample((history, hidden) =>
        {
            var before = history.Evidence.Timeline;
            // Who hides the end of a gap that is not judged yet ends its grace: from then on what is known to be missing counts.
            var blind = before.In(SpanState.Unknown).Union(RangeSet.Of([hidden])).Clip(new TimeRange(before.Window.From, before.Newest ?? Histories.Now));
            var known = before.WithUnknownAs(SpanState.Gap);
            var after = Timeline.Of(before.Window, before.In(SpanState.Recorded).Except(blind), blind, before.In(SpanState.NotScheduled));
            return history.With(known).Assess().Thresholds.Zip(history.With(after).Assess().Thresholds)
                .All(t => t.Second.Verdict == t.First.Verdict || t.Second.Verdict == Verdict.Undetermined);
        }, iter: Samples);

    [Test]
    public void The_proved_age_is_never_above_the_possible_one() =>
        Histories.Any.Sample(history => history.Assess() is var a && (a.ContinuousAge ?? TimeSpan.Zero) <= a.ContinuousAgeAtMost, iter: Samples);

    static bool NoneWorse(CameraAssessment before, CameraAssessment after) =>
        before.Thresholds.Zip(after.Thresholds).All(t => t.Second.Verdict <= t.First.Verdict);

    static double? EmptyAge(History history) => history.Evidence.Timeline.In(SpanState.Unknown).Count > 0 ? null : 0;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
