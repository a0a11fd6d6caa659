using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Verdicts;

/// <summary>The rules one by one, on the days the law names.</summary>
internal sealed class RetentionAssessorTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    static readonly SiteCalendar Hangzhou = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Test]
    public void Sixteen_whole_days_meet_fifteen() =>
        Assert.That(Verdicts(Since(16)), Is.EqualTo(new[] { Verdict.Met, Verdict.Met, Verdict.Undetermined }));

    [Test]
    public void A_hole_of_ninety_minutes_interrupts() =>
        Assert.That(Verdicts(Since(16, Hole(5, minutes: 90))), Is.EqualTo(new[] { Verdict.Interrupted, Verdict.Interrupted, Verdict.Undetermined }));

    [Test]
    public void A_hole_of_four_hours_breaches_every_number_of_days_it_lies_in()
    {
        var a = Assess(Since(16, Hole(10, minutes: 240)));
        Assert.Multiple(() =>
        {
            Assert.That(a.Thresholds.Select(t => t.Verdict), Is.EqualTo(new[] { Verdict.Met, Verdict.Breached, Verdict.Breached }));
            Assert.That(a.ContinuousAge, Is.EqualTo(10 * Day - TimeSpan.FromHours(4)));
            Assert.That(a.Binding.Reasons, Is.EqualTo(new[] { VerdictReason.ContinuityBroken, VerdictReason.WeeklyLossExceeded }));
        });
    }

    [Test]
    public void A_reboot_and_seconds_between_files_break_nothing() =>
        Assert.That(Verdicts(Since(16, Hole(5, minutes: 9), Hole(5.1, minutes: 9), Hole(9, minutes: 12))), Is.EqualTo(new[] { Verdict.Met, Verdict.Met, Verdict.Undetermined }));

    [Test]
    public void Small_holes_that_together_exceed_a_days_loss_break_the_run()
    {
        var a = Assess(Since(16, Hole(5.0, minutes: 12), Hole(5.1, minutes: 12), Hole(5.2, minutes: 12)));
        Assert.That(a.Binding.Verdict, Is.EqualTo(Verdict.Interrupted));
        Assert.That(a.ContinuousSince, Is.EqualTo(Now - 5.2 * Day + TimeSpan.FromMinutes(12)), "going back, the third hole takes the day above its loss");
    }

    [Test]
    public void An_outage_across_midnight_is_one_hole_however_the_days_share_it()
    {
        var midnight = new DateTimeOffset(2026, 11, 18, 16, 0, 0, TimeSpan.Zero);
        var a = Assess(Since(16, new TimeRange(midnight.AddMinutes(-20), midnight.AddMinutes(20))));
        Assert.That(a.Binding.Verdict, Is.EqualTo(Verdict.Interrupted));
    }

    [Test]
    public void Interruptions_that_add_up_within_seven_days_breach() =>
        Assert.That(
            Assess(Since(16, Hole(3, minutes: 45), Hole(5, minutes: 45), Hole(7, minutes: 45))).Binding.Reasons,
            Is.EqualTo(new[] { VerdictReason.ContinuityBroken, VerdictReason.WeeklyLossExceeded }));

    [Test]
    public void A_camera_that_stopped_is_breached_and_the_reason_says_so() =>
        Assert.That(Assess(Since(16, new TimeRange(Now.AddHours(-1), Now))).Binding.Reasons, Does.Contain(VerdictReason.NotRecordingNow));

    [Test]
    public void The_tail_within_freshness_is_not_judged() =>
        Assert.That(Assess(Since(16, new TimeRange(Now.AddMinutes(-14), Now))).Binding.Verdict, Is.EqualTo(Verdict.Met));

    [Test]
    public void Minutes_since_the_look_do_not_turn_the_tail_into_a_hole()
    {
        var closedHourly = Of(RangeSet.Of([Range(16, 51.0 / 1440)]), RangeSet.Of([Range(1.0 / 1440, 0)])) with
        {
            LookedAt = Now.AddMinutes(-1), Freshness = TimeSpan.FromHours(2),
        };
        Assert.That(Assess(closedHourly).Binding.Verdict, Is.EqualTo(Verdict.Met));
    }

    [Test]
    public void A_young_camera_whose_beginning_nobody_told_is_undetermined() =>
        Assert.That(Assess(Since(3)).Binding.Reasons, Is.EqualTo(new[] { VerdictReason.CommissioningUnknown }));

    [Test]
    public void A_young_camera_that_kept_everything_matures() =>
        Assert.That(Assess(Since(3) with { Commissioning = Began(3) }).Binding.Verdict, Is.EqualTo(Verdict.Maturing));

    [Test]
    public void A_camera_without_footage_does_not_mature_however_late_it_is_said_to_begin() =>
        Assert.That(
            Assess(Of(RangeSet.Empty, RangeSet.Empty) with { Commissioning = new Commissioning(new TimeRange(Now.AddYears(70), Now.AddYears(70).AddDays(1)), CommissioningBasis.Declared) }).Binding,
            Has.Property("Verdict").EqualTo(Verdict.Undetermined).And.Property("Reasons").EqualTo(new[] { VerdictReason.NoFootage }));

    [Test]
    public void A_camera_old_enough_whose_footage_begins_late_is_breached() =>
        Assert.That(Assess(Since(12) with { Commissioning = Began(100) }).Binding.Reasons, Is.EqualTo(new[] { VerdictReason.BeginsLate }));

    [Test]
    public void Footage_older_than_the_stated_beginning_makes_the_statement_useless()
    {
        var a = Assess(Since(12) with { Commissioning = Began(3) });
        Assert.Multiple(() =>
        {
            Assert.That(a.Binding.Reasons, Is.EqualTo(new[] { VerdictReason.CommissioningContradicted }));
            Assert.That(a.Findings.Select(f => f.Code), Does.Contain(FindingCode.CommissioningContradicted));
        });
    }

    [Test]
    public void Hiding_the_footage_that_contradicts_the_stated_beginning_does_not_make_it_believed()
    {
        // Said to have begun on the local day that ended fourteen days ago, yet with footage older than that; and four hours of that day nobody could look at.
        var unknown = RangeSet.Of([Hole(14.9, minutes: 240)]);
        var seen = Of(RangeSet.Of([Range(16, 0)]).Except(unknown), unknown) with { Commissioning = Began(14.9) };
        var hidden = seen.Timeline.In(SpanState.Unknown).Union(RangeSet.Of([new TimeRange(Now - 16 * Day, seen.Commissioning!.Within.From)]));
        var unseen = Of(RangeSet.Of([Range(16, 0)]).Except(hidden), hidden) with { Commissioning = seen.Commissioning };
        Assert.That((Assess(seen).Binding.Verdict, Assess(unseen).Binding.Verdict), Is.EqualTo((Verdict.Undetermined, Verdict.Undetermined)));
    }

    [Test]
    public void Hiding_a_gap_does_not_forgive_it_where_nobody_knows_whether_the_stated_beginning_holds()
    {
        // As above, but what comes before the stated day could not be looked at, and the four hours are known to be missing.
        var (early, gap) = (RangeSet.Of([new TimeRange(Now - 16 * Day, Began(14.9).Within.From)]), RangeSet.Of([Hole(14.9, minutes: 240)]));
        var open = Of(RangeSet.Of([Range(16, 0)]).Except(early).Except(gap), early) with { Commissioning = Began(14.9) };
        var hidden = Of(open.Timeline.In(SpanState.Recorded), early.Union(gap)) with { Commissioning = Began(14.9) };
        Assert.That((Assess(open).Binding.Verdict, Assess(hidden).Binding.Verdict), Is.EqualTo((Verdict.Undetermined, Verdict.Undetermined)));
    }

    [Test]
    public void A_clip_nobody_could_look_at_does_not_make_a_breach_of_what_comes_before_the_footage()
    {
        // It would reach back fifteen days; but nobody knows whether it is there, and without it the known footage is all there is to judge.
        var hidden = RangeSet.Of([Hole(3, minutes: 240)]);
        var known = RangeSet.Of([Range(5, 0)]).Except(RangeSet.Of([Hole(3, minutes: 240)]));
        var a = Assess(Of(known, RangeSet.Of([Range(15.01, 15)]).Union(hidden)));
        Assert.That((a.Binding.Verdict, a.Binding.Continuity), Is.EqualTo((Verdict.Undetermined, Verdict.Undetermined)));
    }

    [Test]
    public void One_clip_of_last_month_does_not_make_a_broken_camera_whole()
    {
        var recorded = RangeSet.Of([Range(30.5, 30.4), Range(2, 0)]);
        Assert.That(Verdicts(Of(recorded, RangeSet.Empty)), Is.EqualTo(new[] { Verdict.Breached, Verdict.Breached, Verdict.Breached }));
    }

    [Test]
    public void Unknown_that_cannot_change_the_answer_does_not() =>
        Assert.That(Assess(Of(RangeSet.Of([Range(16, 0)]).Except(RangeSet.Of([Hole(5, 10)])), RangeSet.Of([Hole(5, 10)]))).Binding.Verdict, Is.EqualTo(Verdict.Met));

    [Test]
    public void Unknown_that_could_change_the_answer_leaves_it_open()
    {
        var hidden = RangeSet.Of([Hole(5, 240)]);
        var a = Assess(Of(RangeSet.Of([Range(16, 0)]).Except(hidden), hidden));
        Assert.Multiple(() =>
        {
            Assert.That(a.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
            Assert.That(a.Binding.Reasons, Does.Contain(VerdictReason.CouldNotLook));
            Assert.That(a.ContinuousAge, Is.EqualTo(5 * Day - TimeSpan.FromHours(4)));
            Assert.That(a.ContinuousAgeAtMost, Is.EqualTo(16 * Day));
        });
    }

    [Test]
    public void What_is_not_judged_of_the_gap_that_breaks_the_run_is_no_footage_either()
    {
        // Nothing for twenty minutes but one in the middle that nobody could look at: it may hold footage, what comes after it is not judged.
        var minute = 1.0 / 1440;
        var unknown = RangeSet.Of([Range(6 * minute, 5 * minute)]);
        var evidence = Of(RangeSet.Of([Range(16, 20 * minute)]), unknown) with { Freshness = TimeSpan.FromHours(1) };
        var a = RetentionAssessor.Assess(evidence, new RetentionPolicy { DailyLoss = TimeSpan.FromMinutes(10) }, Hangzhou, Now);

        Assert.That((a.ContinuousAge, a.ContinuousSince, a.BrokenBy), Is.EqualTo(((TimeSpan?)TimeSpan.Zero, (DateTimeOffset?)Now, (TimeRange?)Range(20 * minute, 0))));
    }

    [Test]
    public void Hiding_what_follows_a_fresh_gap_does_not_forgive_the_gap()
    {
        // Of today 29 minutes are missing, then four more just before ten minutes that nobody could look at.
        var hidden = new TimeRange(Now.AddMinutes(-10), Now);
        var holes = RangeSet.Of([new TimeRange(Now.AddHours(-7), Now.AddHours(-7).AddMinutes(29)), new TimeRange(Now.AddMinutes(-14), hidden.From)]);
        var a = Assess(Of(RangeSet.Of([Range(16, 0)]).Except(holes).Except(RangeSet.Of([hidden])), RangeSet.Of([hidden])));
        Assert.Multiple(() =>
        {
            Assert.That(a.ContinuousAge, Is.EqualTo(TimeSpan.FromHours(7) - TimeSpan.FromMinutes(29)));
            Assert.That(a.ContinuousAgeAtMost, Is.EqualTo(a.ContinuousAge));
            Assert.That(a.Binding.Continuity, Is.EqualTo(Verdict.Interrupted));
        });
    }

    [Test]
    public void A_look_older_than_freshness_says_nothing_of_now() =>
        Assert.That(Assess(Since(16) with { LookedAt = Now.AddMinutes(-16) }).Binding.Reasons, Does.Contain(VerdictReason.StaleLook));

    [Test]
    public void An_unproven_layout_alone_never_meets() =>
        Assert.That(Assess(Since(16) with { Proven = false }).Binding.Reasons, Is.EqualTo(new[] { VerdictReason.UnprovenLayout }));

    [TestCase(true, VerdictReason.OverwrittenEarly)]
    [TestCase(false, VerdictReason.VanishedEarly)]
    public void Footage_gone_before_its_age_breaches(bool fromOldestEdge, VerdictReason reason)
    {
        var lost = new FootageLoss(Range(10, 9.9), Now.AddDays(-1), fromOldestEdge);
        Assert.That(Assess(Since(16) with { Losses = [lost] }).Binding.Reasons, Is.EqualTo(new[] { reason }));
    }

    [Test]
    public void Footage_gone_after_its_age_is_normal() =>
        Assert.That(Assess(Since(16) with { Losses = [new FootageLoss(Range(16.5, 16), Now, true)] }).Binding.Verdict, Is.EqualTo(Verdict.Met));

    [Test]
    public void A_recorder_without_a_day_to_spare_is_warned_of() =>
        Assert.That(Assess(Since(15.2)).Findings.Select(f => f.Code), Is.EqualTo(new[] { FindingCode.ThinMargin }));

    [Test]
    public void Reach_tolerates_a_days_loss_at_the_oldest_edge_and_no_more()
    {
        Assert.That(Assess(Since(15 - 29.0 / 1440)).Binding.Verdict, Is.EqualTo(Verdict.Met));
        Assert.That(Assess(Since(15 - 31.0 / 1440)).Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
    }

    [Test]
    public void No_footage_is_told_apart_from_nothing_seen()
    {
        var empty = Assess(Of(RangeSet.Empty, RangeSet.Empty));
        var blind = Assess(Of(RangeSet.Empty, RangeSet.Of([Range(31, 0)])));
        Assert.Multiple(() =>
        {
            Assert.That(empty.ContinuousAge, Is.EqualTo(TimeSpan.Zero));
            Assert.That(blind.ContinuousAge, Is.Null);
            Assert.That(blind.Binding.Verdict, Is.EqualTo(Verdict.Undetermined));
        });
    }

    [Test]
    public void A_camera_of_business_hours_is_not_asked_for_the_night()
    {
        var nights = RangeSet.Of(Enumerable.Range(0, 40).Select(d => new TimeRange(Now.Date.AddDays(-d).AddHours(12), Now.Date.AddDays(-d).AddHours(23))));
        var evidence = Since(16) with { Timeline = Timeline.Of(Range(31, 0), RangeSet.Of([Range(16, 0)]).Except(nights), RangeSet.Empty, nights) };
        Assert.That(Assess(evidence).Binding.Verdict, Is.EqualTo(Verdict.Met));
    }

    static Verdict[] Verdicts(CameraEvidence evidence) => [.. Assess(evidence).Thresholds.Select(t => t.Verdict)];

    static CameraAssessment Assess(CameraEvidence evidence) => RetentionAssessor.Assess(evidence, new RetentionPolicy(), Hangzhou, Now);

    static CameraEvidence Since(double days, params TimeRange[] holes) => Of(RangeSet.Of([Range(days, 0)]).Except(RangeSet.Of(holes)), RangeSet.Empty);

    static CameraEvidence Of(RangeSet recorded, RangeSet unknown) => new()
    {
        Timeline = Timeline.Of(Range(31, 0), recorded, unknown, RangeSet.Empty),
        LookedAt = Now,
        Freshness = RetentionPolicy.LeastFreshness,
    };

    static Commissioning Began(double days) => new(Hangzhou.DayOf(Hangzhou.DateAt(Now - days * Day)), CommissioningBasis.Declared);

    static TimeRange Hole(double daysAgo, double minutes) => new(Now - daysAgo * Day, Now - daysAgo * Day + TimeSpan.FromMinutes(minutes));

    static TimeRange Range(double fromDaysAgo, double toDaysAgo) => new(Now - fromDaysAgo * Day, Now - toDaysAgo * Day);
}
