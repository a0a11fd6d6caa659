using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class HeartbeatAuditorTests
{
    static readonly DateTimeOffset AsOf = TestHeartbeats.AsOf;

    // Forty minutes missing nine days ago: interrupted for 15 days, unbroken for 7.
    static readonly (double, double) Outage = (9 * 86400, (9 * 86400) - 2400);

    [Test]
    public void A_claimed_verdict_that_does_not_follow_is_named_with_both_answers()
    {
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera("c-1", gaps: Outage))
            .WithClaim(t => t.Days == 15 ? t with { Verdict = Verdict.Met, Continuity = Verdict.Met } : t);

        Assert.That(HeartbeatAuditor.Audit(heartbeat, AsOf).Differences, Is.EqualTo(new[]
        {
            new JudgementDifference("c-1", 15, "verdict", "met", "interrupted"),
            new JudgementDifference("c-1", 15, "continuity", "met", "interrupted"),
        }));
    }

    [Test]
    public void A_verdict_alone_that_contradicts_its_halves_differs() =>
        Assert.That(
            HeartbeatAuditor.Audit(TestHeartbeats.Of(TestHeartbeats.Camera()).WithClaim(t => t.Days == 7 ? t with { Verdict = Verdict.Breached } : t), AsOf).Differences.Single(),
            Is.EqualTo(new JudgementDifference("c-0a1b2c3d4e", 7, "verdict", "breached", "met")));

    [Test]
    public void A_gap_cut_short_differs_in_what_it_changes_and_a_changed_camera_does_not_touch_another()
    {
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera("c-1", gaps: Outage), TestHeartbeats.Camera("c-2", gaps: Outage));
        var first = heartbeat.Cameras[0];
        var shorter = first.Timeline.Gaps[0] is var gap ? RangeSet.Of([new TimeRange(gap.From, gap.From.AddSeconds(1500))]) : RangeSet.Empty;
        var changed = first with { Timeline = new StatedTimeline(first.Timeline.Window, shorter, [], RangeSet.Empty, RangeSet.Empty) };

        var audit = HeartbeatAuditor.Audit(heartbeat with { Cameras = [changed, heartbeat.Cameras[1]] }, AsOf);

        Assert.That(audit.Judged, Is.EqualTo(ServerJudgement.Differs));
        Assert.That(audit.Differences.Select(d => d.Camera), Is.All.EqualTo("c-1"));
        Assert.That(audit.Differences.Select(d => d.ToString()), Does.Contain("c-1, 15 d: verdict interrupted, recomputed met")
            .And.Contain("c-1: continuousAgeSeconds 775200, recomputed 2678400"));
    }

    [Test]
    public void Thresholds_left_out_and_findings_left_out_differ()
    {
        var evidence = TestHeartbeats.Evidence() with { Losses = [new FootageLoss(new TimeRange(AsOf.AddDays(-5), AsOf.AddDays(-4)), AsOf.AddDays(-1), true)] };
        var camera = CameraStatement.From(TestHeartbeats.Label("c-1"), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        var silent = camera with { Claimed = camera.Claimed with { Thresholds = camera.Claimed.Thresholds.RemoveAt(0), Findings = [] } };

        var differences = HeartbeatAuditor.Audit(TestHeartbeats.Of(silent), AsOf).Differences;

        Assert.That(differences, Does.Contain(new JudgementDifference("c-1", 7, "verdict", "absent", "breached")));
        Assert.That(differences, Does.Contain(new JudgementDifference("c-1", null, "findings", "absent", "EarlyLoss")));
    }

    [Test]
    public void A_finding_told_of_another_time_is_left_out()
    {
        var range = new TimeRange(AsOf.AddDays(-5), AsOf.AddDays(-4));
        var evidence = TestHeartbeats.Evidence() with { Losses = [new FootageLoss(range, AsOf.AddDays(-1), true)] };
        var camera = CameraStatement.From(TestHeartbeats.Label("c-1"), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        IEnumerable<JudgementDifference> Told(Finding finding) =>
            HeartbeatAuditor.Audit(TestHeartbeats.Of(camera with { Claimed = camera.Claimed with { Findings = [finding] } }), AsOf).Differences;
        var left = new[] { new JudgementDifference("c-1", null, "findings", "absent", "EarlyLoss") };

        Assert.That(Told(new Finding(FindingCode.EarlyLoss, range, "in other words")), Is.Empty);
        Assert.That(Told(new Finding(FindingCode.EarlyLoss, new TimeRange(range.From, range.To.AddDays(1)), "x")), Is.EqualTo(left));
        Assert.That(Told(new Finding(FindingCode.EarlyLoss, null, "x")), Is.EqualTo(left));
        Assert.That(Told(new Finding(FindingCode.WitnessOmits, range, "x")), Is.EqualTo(left));
    }

    [Test]
    public void A_finding_that_is_of_no_time_is_told_without_one()
    {
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, RangeSet.Of([new TimeRange(AsOf.AddDays(-15.5), AsOf)]), RangeSet.Empty, RangeSet.Empty) };
        var camera = CameraStatement.From(TestHeartbeats.Label("c-1"), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        var thin = camera.Claimed.Findings.Single();
        var told = camera with { Claimed = camera.Claimed with { Findings = [thin with { Range = window }] } };

        Assert.That((thin.Code, thin.Range), Is.EqualTo((FindingCode.ThinMargin, (TimeRange?)null)));
        Assert.That(HeartbeatAuditor.Audit(TestHeartbeats.Of(camera), AsOf).Judged, Is.EqualTo(ServerJudgement.Agrees));
        Assert.That(HeartbeatAuditor.Audit(TestHeartbeats.Of(told), AsOf).Differences, Is.EqualTo(new[] { new JudgementDifference("c-1", null, "findings", "absent", "ThinMargin") }));
    }

    [TestCase("verdict")]
    [TestCase("continuity")]
    [TestCase("retention")]
    [TestCase("coverage")]
    [TestCase("recordedSeconds")]
    [TestCase("gapSeconds")]
    [TestCase("unknownSeconds")]
    [TestCase("longestGapSeconds")]
    [TestCase("gaps")]
    [TestCase("reasons")]
    public void Every_figure_of_a_number_of_days_is_compared(string figure)
    {
        var second = TimeSpan.FromSeconds(1);
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera("c-1", gaps: Outage)).WithClaim(t => t.Days != 15 ? t : figure switch
        {
            "verdict" => t with { Verdict = Verdict.Breached },
            "continuity" => t with { Continuity = Verdict.Breached },
            "retention" => t with { Retention = Verdict.Breached },
            "coverage" => t with { Ratio = null },
            "recordedSeconds" => t with { Coverage = t.Coverage with { Recorded = t.Coverage.Recorded + second } },
            "gapSeconds" => t with { Coverage = t.Coverage with { Gap = t.Coverage.Gap + second } },
            "unknownSeconds" => t with { Coverage = t.Coverage with { Unknown = second } },
            "longestGapSeconds" => t with { Coverage = t.Coverage with { LongestGap = second } },
            "gaps" => t with { Coverage = t.Coverage with { Gaps = 2 } },
            _ => t with { Reasons = [] },
        });

        Assert.That(HeartbeatAuditor.Audit(heartbeat, AsOf).Differences.Select(d => (d.Camera, d.Days, d.Figure)), Is.EqualTo(new[] { ("c-1", (int?)15, figure) }));
    }

    [TestCase("oldest")]
    [TestCase("newest")]
    [TestCase("continuousSince")]
    [TestCase("continuousAgeSeconds")]
    [TestCase("continuousAgeAtMostSeconds")]
    public void Every_figure_of_a_camera_is_compared(string figure)
    {
        var camera = TestHeartbeats.Camera("c-1", gaps: Outage);
        var claim = camera.Claimed;
        var changed = figure switch
        {
            "oldest" => claim with { Oldest = null },
            "newest" => claim with { Newest = claim.Newest!.Value.AddMilliseconds(-1) },
            "continuousSince" => claim with { ContinuousSince = null },
            "continuousAgeSeconds" => claim with { ContinuousAge = null },
            _ => claim with { ContinuousAgeAtMost = claim.ContinuousAgeAtMost!.Value + TimeSpan.FromMilliseconds(1) },
        };

        Assert.That(HeartbeatAuditor.Audit(TestHeartbeats.Of(camera with { Claimed = changed }), AsOf).Differences.Select(d => (d.Camera, d.Days, d.Figure)),
            Is.EqualTo(new[] { ("c-1", (int?)null, figure) }));
    }

    [Test]
    public void Thirty_minutes_between_judging_and_writing_are_just_judged() => Assert.That(
        new[] { -30, 30 }.Select(minutes => HeartbeatAuditor.Audit(TestHeartbeats.Of(TestHeartbeats.Camera()), AsOf.AddMinutes(minutes)).Judged), Is.All.EqualTo(ServerJudgement.Agrees));

    [Test]
    public void An_auditor_may_judge_by_budgets_of_his_own()
    {
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera("c-1", gaps: [(9 * 86400, (9 * 86400) - 1500)]));
        var stricter = new RetentionPolicy { DailyLoss = TimeSpan.FromMinutes(10), WeeklyLoss = TimeSpan.FromMinutes(20) };

        Assert.That(HeartbeatAuditor.Audit(heartbeat, AsOf).Judged, Is.EqualTo(ServerJudgement.Agrees));
        Assert.That(HeartbeatAuditor.Audit(heartbeat, AsOf, stricter).Differences, Is.EqualTo(new[]
        {
            new JudgementDifference("c-1", 15, "verdict", "met", "breached"),
            new JudgementDifference("c-1", 30, "verdict", "met", "breached"),
        }));
    }

    [Test]
    public void A_zone_nobody_knows_is_not_judged() =>
        Assert.That(Reason(TestHeartbeats.Of(TestHeartbeats.Camera()) with { TimeZone = "Mars/Olympus" }), Does.Contain("Mars/Olympus"));

    [TestCase(-31)]
    [TestCase(31)]
    [TestCase(60 * 24 * 40)]
    public void An_answer_of_another_time_than_it_was_written_at_is_not_judged(int minutes) =>
        Assert.That(Reason(TestHeartbeats.Of(TestHeartbeats.Camera()), AsOf.AddMinutes(minutes)), Does.Contain("2026-11-23T11:05:00Z"));

    [Test]
    public void A_camera_looked_at_after_the_instant_judged_is_not_judged() =>
        Assert.That(Reason(TestHeartbeats.Of(TestHeartbeats.Camera() with { LookedAt = AsOf.AddSeconds(1) })), Does.Contain("looked at after"));

    [TestCase(2)] // over midnight in Hangzhou
    [TestCase(7)] // over the start of the last seven days
    public void Gaps_folded_where_that_hides_something_are_not_judged(int days)
    {
        var middle = days == 7 ? AsOf.AddDays(-7) : new DateTimeOffset(2026, 11, 21, 16, 0, 0, TimeSpan.Zero);
        var fold = new FoldedGaps(new TimeRange(middle.AddHours(-1), middle.AddHours(1)), 2, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5));
        var heartbeat = TestHeartbeats.Of(TestHeartbeats.Camera()).WithTimeline(t => new StatedTimeline(t.Window, t.Gaps, [fold], t.Unknown, t.NotScheduled));

        Assert.That(Reason(heartbeat), Does.Contain("folded"));
    }

    [Test]
    public void A_heartbeat_without_cameras_has_nothing_to_judge() =>
        Assert.That(HeartbeatAuditor.Audit(TestHeartbeats.Of(), AsOf), Is.EqualTo(new HeartbeatAudit(ServerJudgement.NotJudged, null, [])));

    static string? Reason(Heartbeat heartbeat, DateTimeOffset? writtenAt = null)
    {
        var audit = HeartbeatAuditor.Audit(heartbeat, writtenAt ?? AsOf);
        Assert.That((audit.Judged, audit.Differences.Length), Is.EqualTo((ServerJudgement.NotJudged, 0)));
        return audit.Reason;
    }
}
