using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

internal sealed class CameraStatementTests
{
    static readonly DateTimeOffset AsOf = TestHeartbeats.AsOf;

    [Test]
    public void Many_small_gaps_of_a_day_become_one_figure_and_the_largest_stay()
    {
        // 19:05 to 19:45 of a day in Hangzhou ten days ago: twenty gaps of 1 to 20 s.
        (double, double)[] holes = [.. Enumerable.Range(1, 20).Select(i => ((10 * 86400) - (i * 120.0), (10 * 86400) - (i * 121.0)))];

        var camera = TestHeartbeats.Camera(mostGaps: 5, gaps: holes);

        Assert.That(camera.Timeline.Gaps.Select(g => g.Length.TotalSeconds), Is.EqualTo(new[] { 16, 17, 18, 19, 20 }));
        var fold = camera.Timeline.Folded.Single();
        Assert.That((fold.Count, fold.Length.TotalSeconds, fold.Longest.TotalSeconds), Is.EqualTo((15, 120, 15)));
        Assert.That(fold.Range, Is.EqualTo(new TimeRange(AsOf.AddSeconds((-10 * 86400) + 120), AsOf.AddSeconds((-10 * 86400) + (15 * 121)))));
        Assert.That(camera.Claimed.Thresholds[1].Coverage, Is.EqualTo(TestHeartbeats.Camera(gaps: holes).Claimed.Thresholds[1].Coverage));
    }

    [Test]
    public void Folded_gaps_are_put_back_at_the_beginning_of_their_range_around_what_is_told_there()
    {
        var window = new TimeRange(AsOf.AddSeconds(-100), AsOf);
        var timeline = new StatedTimeline(
            window, Ranges((20, 25)), [new FoldedGaps(At(10, 60), 3, TimeSpan.FromSeconds(22), TimeSpan.FromSeconds(10))], Ranges((30, 35)), Ranges((36, 40)));

        Assert.That(timeline.Timeline.In(SpanState.Gap), Is.EqualTo(Ranges((10, 30), (35, 36), (40, 46))));
        Assert.That(timeline.Timeline.In(SpanState.Unknown), Is.EqualTo(Ranges((30, 35))));
    }

    [Test]
    public void A_gap_beside_unknown_time_is_never_folded()
    {
        // Unknown time from 23:45 to 00:10 is judged as gap as well, and with the gap behind it as one: 28 minutes break no run.
        // Three more minutes folded onto that gap would make it 31 minutes.
        var midnight = new DateTimeOffset(2026, 11, 13, 16, 0, 0, TimeSpan.Zero);
        TimeRange At(double from, double to) => new(midnight.AddMinutes(from), midnight.AddMinutes(to));
        var unknown = RangeSet.Of([At(-15, 10)]);
        var gaps = RangeSet.Of([At(10, 13), At(60, 60.5), At(65, 65.5), At(70, 71), At(75, 76)]);
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, gaps.Union(unknown).Complement(window), unknown, RangeSet.Empty) };
        CameraStatement Told(int mostGaps) => CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, mostGaps: mostGaps);

        Assert.That(Told(0).Timeline.Gaps, Is.EqualTo(RangeSet.Of([At(10, 13)])));
        Assert.That(Told(0).Timeline.Folded.Single().Range, Is.EqualTo(At(60, 76)));
        Assert.That(Told(0).Claimed.Thresholds, Is.EqualTo(Told(500).Claimed.Thresholds));
        Assert.That(Told(0).Claimed.Thresholds[1].Verdict, Is.EqualTo(Verdict.Met));
    }

    [Test]
    public void Everything_is_cut_to_milliseconds_before_it_is_judged()
    {
        var evidence = TestHeartbeats.Evidence((7200.1234567, 3600.7654321)) with { Freshness = TimeSpan.FromTicks(9_000_001_234) };

        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf.AddTicks(4321));

        Assert.That(camera.Timeline.Window.To, Is.EqualTo(AsOf));
        Assert.That(camera.Freshness, Is.EqualTo(TimeSpan.FromSeconds(900.0)));
        Assert.That(camera.Timeline.Gaps.SelectMany(g => new[] { g.From, g.To }).All(t => t.Ticks % TimeSpan.TicksPerMillisecond == 0));
        Assert.That(camera.Claimed.ContinuousSince, Is.EqualTo(camera.Timeline.Gaps[0].To));
    }

    [Test]
    public void After_the_timeline_ends_nothing_is_known()
    {
        var camera = CameraStatement.From(TestHeartbeats.Label(), TestHeartbeats.Evidence(), new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf.AddMinutes(10));

        Assert.That(camera.Timeline.Unknown, Is.EqualTo(RangeSet.Of([new TimeRange(AsOf, AsOf.AddMinutes(10))])));
        Assert.That(camera.Claimed.Thresholds[0].Verdict, Is.EqualTo(Verdict.Met));
    }

    [Test]
    public void Too_many_unknown_ranges_are_joined_and_none_is_lost()
    {
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var unknown = RangeSet.Of(Enumerable.Range(1, 900).Select(i => new TimeRange(AsOf.AddSeconds(-1000 * i), AsOf.AddSeconds((-1000 * i) + 1 + (i % 7)))));
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, unknown.Complement(window), unknown, RangeSet.Empty) };

        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);

        Assert.That(camera.Timeline.Unknown, Has.Count.EqualTo(CameraStatement.MostUnknown));
        Assert.That(unknown.Except(camera.Timeline.Unknown), Is.Empty);
    }

    [Test]
    public void Of_too_many_losses_those_stay_that_a_verdict_rests_on()
    {
        var early = new FootageLoss(Days(20, 19.75), AsOf.AddDays(-19), true);
        var losses = Enumerable.Range(0, 500).Select(i => new FootageLoss(Days(29.75, 29.5), AsOf.AddMinutes(-i), false)).Append(early);

        var camera = CameraStatement.From(
            TestHeartbeats.Label(), TestHeartbeats.Evidence() with { Losses = [.. losses] }, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);

        Assert.That(camera.Losses, Has.Length.EqualTo(CameraStatement.MostLosses).And.Contain(early));
        Assert.That(camera.Claimed.Thresholds[2].Reasons, Is.EqualTo(new[] { VerdictReason.OverwrittenEarly, VerdictReason.VanishedEarly }));
    }

    /// <summary>Most of them went at their age; a few, noticed at any time, too young for some number of days.</summary>
    [Test]
    public void What_is_told_of_too_many_losses_gives_the_verdict_that_all_of_them_give([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var losses = Enumerable.Range(0, 400).Select(i => Loss(i < 4 ? random.Next(1, 40) : 40)).OrderBy(_ => random.Next()).ToArray();
        var evidence = TestHeartbeats.Evidence() with { Losses = losses };

        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);

        var all = RetentionAssessor.Assess(evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        Assert.That(camera.Losses, Has.Length.EqualTo(CameraStatement.MostLosses));
        Assert.That(camera.Losses.Select(l => l.NoticedAt), Is.Ordered);
        Assert.That(camera.Claimed.Thresholds.Select(t => t.Verdict), Is.EqualTo(all.Thresholds.Select(t => t.Verdict)));
        Assert.That(camera.Claimed.Thresholds.Select(t => t.Reasons), Is.EqualTo(all.Thresholds.Select(t => t.Reasons)));

        FootageLoss Loss(int ageWhenNoticed)
        {
            var to = AsOf.AddMinutes(-random.Next(1, 29 * 24 * 60));
            return new FootageLoss(new TimeRange(to.AddHours(-1), to), to.AddDays(ageWhenNoticed), random.Next(2) == 0);
        }
    }

    [Test]
    public void A_loss_or_a_finding_shorter_than_a_millisecond_has_no_place_to_tell()
    {
        var moment = new TimeRange(AsOf.AddDays(-5).AddTicks(1), AsOf.AddDays(-5).AddTicks(9));
        var longer = new TimeRange(AsOf.AddDays(-5).AddTicks(1), AsOf.AddDays(-5).AddTicks(10_001));
        var evidence = TestHeartbeats.Evidence() with { Losses = [new FootageLoss(moment, AsOf, true), new FootageLoss(longer, AsOf, false)] };

        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf,
            [new Finding(FindingCode.WitnessOmits, moment, "a"), new Finding(FindingCode.WitnessOmits, longer, "b")]);

        var whole = new TimeRange(AsOf.AddDays(-5), AsOf.AddDays(-5).AddMilliseconds(1));
        Assert.That(camera.Losses, Is.EqualTo(new[] { new FootageLoss(whole, AsOf, false) }));
        Assert.That(camera.Claimed.Findings.Where(f => f.Code == FindingCode.WitnessOmits),
            Is.EqualTo(new[] { new Finding(FindingCode.WitnessOmits, null, "a"), new Finding(FindingCode.WitnessOmits, whole, "b") }));
    }

    [Test]
    public void A_finding_that_follows_from_the_evidence_is_not_taken_from_the_caller_and_an_empty_measure_is_told()
    {
        var seen = new[] { FindingCode.EarlyLoss, FindingCode.ThinMargin, FindingCode.CommissioningContradicted, FindingCode.WitnessOmits }
            .Select(code => new Finding(code, null, code == FindingCode.WitnessOmits ? "" : "made up")).Append(new Finding(FindingCode.WitnessOmits, null, new string('x', 201)));

        var camera = CameraStatement.From(TestHeartbeats.Label(), TestHeartbeats.Evidence(), new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, seen);

        Assert.That(camera.Claimed.Findings, Is.EqualTo(new[] { new Finding(FindingCode.WitnessOmits, null, "?"), new Finding(FindingCode.WitnessOmits, null, new string('x', 200)) }));
    }

    [Test]
    public void A_window_is_cut_to_what_a_statement_may_reach_back()
    {
        var evidence = TestHeartbeats.Evidence();
        CameraStatement Reaching(double days)
        {
            var window = new TimeRange(AsOf.AddDays(-days), AsOf);
            return CameraStatement.From(TestHeartbeats.Label(), evidence with { Timeline = Timeline.Of(window, RangeSet.Of([window]), RangeSet.Empty, RangeSet.Empty) },
                new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        }

        Assert.That(Reaching(501).Timeline.Window.From, Is.EqualTo(AsOf.AddDays(-500)));
        Assert.That(Reaching(499).Timeline.Window.From, Is.EqualTo(AsOf.AddDays(-499)));
        Assert.That(HeartbeatCodec.Decode(HeartbeatCodec.Encode(TestHeartbeats.Of(Reaching(501)))).Cameras[0].Claimed.Oldest, Is.EqualTo(AsOf.AddDays(-500)));
    }

    [Test]
    public void A_gap_over_midnight_over_a_cut_or_outside_the_footage_is_never_folded()
    {
        var midnight = new DateTimeOffset(2026, 11, 13, 16, 0, 0, TimeSpan.Zero);
        var week = AsOf.AddDays(-7);
        TimeRange Around(DateTimeOffset at, int seconds) => new(at.AddSeconds(-seconds), at.AddSeconds(seconds));
        var whole = new[] { Around(midnight, 2), Around(week, 2), new TimeRange(AsOf.AddDays(-31), AsOf.AddDays(-31).AddSeconds(3)), new TimeRange(AsOf.AddSeconds(-3), AsOf) };
        var unknown = RangeSet.Of([new TimeRange(midnight.AddHours(12), midnight.AddHours(12).AddSeconds(5))]);
        var beside = new[] { new TimeRange(midnight.AddHours(12).AddSeconds(-1), midnight.AddHours(12)), new TimeRange(midnight.AddHours(12).AddSeconds(5), midnight.AddHours(12).AddSeconds(6)) };
        whole = [.. whole, .. beside];
        var small = Enumerable.Range(1, 4).Select(i => Around(midnight.AddHours(2 + i), 1));
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var gaps = RangeSet.Of(whole.Concat(small));
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, gaps.Union(unknown).Complement(window), unknown, RangeSet.Empty) };

        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, mostGaps: 0);

        Assert.That(camera.Timeline.Gaps, Is.EqualTo(RangeSet.Of(whole)));
        Assert.That(camera.Timeline.Folded.Select(f => (f.Range, f.Count, f.Length.TotalSeconds, f.Longest.TotalSeconds)),
            Is.EqualTo(new[] { (new TimeRange(midnight.AddHours(3).AddSeconds(-1), midnight.AddHours(6).AddSeconds(1)), 4, 8.0, 2.0) }));
    }

    [Test]
    public void Without_any_footage_folding_changes_nothing_either()
    {
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var off = RangeSet.Of(Enumerable.Range(0, 10 * 24).Select(i => new TimeRange(AsOf.AddHours(-i).AddMinutes(-30), AsOf.AddHours(-i))));
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, RangeSet.Empty, RangeSet.Empty, off) };
        CameraStatement Told(int mostGaps) => CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf, mostGaps: mostGaps);

        Assert.That(Told(0).Timeline.Folded, Is.Not.Empty);
        Assert.That(Told(0).Claimed.Thresholds, Is.EqualTo(Told(500).Claimed.Thresholds));
        Assert.That(Told(0).Timeline.Timeline.Spans, Is.EqualTo(Told(500).Timeline.Timeline.Spans));
    }

    [Test]
    public void What_was_never_seen_has_no_age_and_survives_writing_and_reading()
    {
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var evidence = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, RangeSet.Empty, RangeSet.Of([window]), RangeSet.Empty) };
        var camera = CameraStatement.From(TestHeartbeats.Label(), evidence, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);

        var read = HeartbeatCodec.Decode(HeartbeatCodec.Encode(TestHeartbeats.Of(camera))).Cameras[0].Claimed;

        Assert.That((read.Oldest, read.Newest, read.ContinuousSince, read.ContinuousAge, read.ContinuousAgeAtMost),
            Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, (DateTimeOffset?)null, (TimeSpan?)null, (TimeSpan?)TimeSpan.FromDays(31))));
    }

    [Test]
    public void Three_gaps_of_a_day_are_told_one_by_one()
    {
        (double, double)[] holes = [.. Enumerable.Range(1, 3).Select(i => ((10 * 86400) - (i * 120.0), (10 * 86400) - (i * 120.0) - 2))];

        Assert.That(TestHeartbeats.Camera(mostGaps: 0, gaps: holes).Timeline.Gaps, Has.Count.EqualTo(3));
        Assert.That(TestHeartbeats.Camera(mostGaps: 0, gaps: [.. holes, ((10 * 86400) - 700.0, (10 * 86400) - 702.0)]).Timeline.Folded.Single().Count, Is.EqualTo(4));
    }

    [Test]
    public void Folded_gaps_that_do_not_fit_where_they_are_said_to_lie_are_refused()
    {
        var window = new TimeRange(AsOf.AddSeconds(-100), AsOf);
        StatedTimeline Folded(RangeSet gaps, params FoldedGaps[] folds) => new(window, gaps, folds, RangeSet.Empty, RangeSet.Empty);
        static FoldedGaps Fold(int from, int to, int seconds) => new(At(from, to), 2, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds - 1));

        Assert.That(Folded(RangeSet.Empty, Fold(10, 20, 5), Fold(20, 30, 10)).Timeline.In(SpanState.Gap), Is.EqualTo(Ranges((10, 15), (20, 30))));
        Assert.That(() => Folded(RangeSet.Empty, Fold(10, 20, 5), Fold(19, 30, 5)), Throws.ArgumentException.With.Message.Contains("not ascending or overlap"));
        Assert.That(() => Folded(RangeSet.Empty, Fold(20, 30, 5), Fold(10, 20, 5)), Throws.ArgumentException.With.Message.Contains("not ascending or overlap"));
        Assert.That(() => Folded(RangeSet.Empty, Fold(10, 20, 11)), Throws.ArgumentException.With.Message.Contains("longer than the range"));
        Assert.That(() => Folded(Ranges((12, 14)), Fold(10, 20, 9)), Throws.ArgumentException.With.Message.Contains("longer than the range"));
        Assert.That(() => new StatedTimeline(window, Ranges((10, 20)), [], Ranges((19, 30)), RangeSet.Empty), Throws.ArgumentException.With.Message.Contains("overlap"));
        Assert.That(() => new StatedTimeline(window, Ranges((90, 101)), [], RangeSet.Empty, RangeSet.Empty), Throws.ArgumentException.With.Message.Contains("outside the window"));
    }

    [Test]
    public void A_range_counts_only_the_folded_gaps_in_it()
    {
        var window = new TimeRange(AsOf.AddSeconds(-100), AsOf);
        var timeline = new StatedTimeline(window, Ranges((2, 4), (50, 51)), [new FoldedGaps(At(10, 40), 3, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(5))], RangeSet.Empty, RangeSet.Empty);

        Assert.That(timeline.CoverageOf(window), Is.EqualTo(new Coverage(TimeSpan.FromSeconds(88), TimeSpan.FromSeconds(12), TimeSpan.Zero, TimeSpan.FromSeconds(5), 5)));
        Assert.That(timeline.CoverageOf(At(40, 100)), Is.EqualTo(new Coverage(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromSeconds(1), 1)));
    }

    [Test]
    public void Two_claims_for_a_number_of_days_are_equal_only_when_everything_is()
    {
        var one = TestHeartbeats.Camera(gaps: (9 * 86400, (9 * 86400) - 2400)).Claimed.Thresholds[1];
        var same = one with { Reasons = [.. one.Reasons] };
        ThresholdClaim?[] others =
        [
            one with { Days = 8 }, one with { Verdict = Verdict.Met }, one with { Continuity = Verdict.Met }, one with { Retention = Verdict.Breached }, one with { Ratio = null },
            one with { Coverage = default }, one with { Reasons = [] },
        ];

        Assert.That((one.Equals(same), one.GetHashCode() == same.GetHashCode()), Is.EqualTo((true, true)));
        Assert.That(others.Append(null).Where(one.Equals), Is.Empty);
    }

    [Test]
    public void Coverage_is_cut_and_not_rounded_so_that_one_means_nothing_is_missing()
    {
        Assert.That(TestHeartbeats.Camera().Claimed.Thresholds.Select(t => t.Ratio), Is.All.EqualTo(1m));
        Assert.That(TestHeartbeats.Camera(gaps: (100, 99)).Claimed.Thresholds.Select(t => t.Ratio), Is.All.EqualTo(0.9999m));
        var window = new TimeRange(AsOf.AddDays(-31), AsOf);
        var never = TestHeartbeats.Evidence() with { Timeline = Timeline.Of(window, RangeSet.Empty, RangeSet.Empty, RangeSet.Of([window])) };
        var off = CameraStatement.From(TestHeartbeats.Label(), never, new RetentionPolicy(), TestHeartbeats.Shanghai, AsOf);
        Assert.That(off.Claimed.Thresholds.Select(t => t.Ratio), Is.All.Null);
        Assert.That(HeartbeatCodec.Decode(HeartbeatCodec.Encode(TestHeartbeats.Of(off))).Cameras[0].Claimed.Thresholds, Is.EqualTo(off.Claimed.Thresholds));
    }

    [Test]
    public void Only_codes_travel()
    {
        var bytes = HeartbeatCodec.Encode(TestHeartbeats.Of(TestHeartbeats.Camera("c-1", gaps: (7200, 3600))));
        using var document = JsonDocument.Parse(bytes);

        // Every text in the body is a code, a time, a figure's word or one of ours: nothing a caller could have named.
        Assert.That(Texts(document.RootElement).Distinct().Where(t => !DateTimeOffset.TryParse(t, out _)), Is.EquivalentTo(new[]
        {
            "HZ-0001", "Asia/Shanghai", "0.1.0", "c-1", "r-5f60718293", "video", "measured", "declared", "interrupted", "met", "ContinuityBroken",
        }));
        Assert.That(Encoding.UTF8.GetString(bytes), Does.Not.Contain("\\"));
    }

    [Test]
    public void Sixty_four_cameras_with_the_gaps_of_real_recorders_fit_with_room_to_spare()
    {
        var random = new Random(64);
        Heartbeat WithMostGaps(int most) => TestHeartbeats.Of([.. Enumerable.Range(0, 64).Select(i => TestHeartbeats.Camera($"c-{i:x10}", most, Holes(random)))]);

        var bytes = HeartbeatCodec.Encode(WithMostGaps(CameraStatement.UsualMostGaps));

        TestContext.Out.WriteLine($"64 cameras: {bytes.Length} bytes, {HeartbeatCodec.Decode(bytes).Cameras.Sum(c => c.Timeline.Gaps.Count)} gaps");
        Assert.That(bytes, Has.Length.LessThan(HeartbeatCodec.MaxBytes / 2));
    }

    // Two or three short holes a day between files or at reconnects, a reboot a week, one outage of hours on every eighth camera.
    static (double, double)[] Holes(Random random)
    {
        var holes = Enumerable.Range(0, 80).Select(_ => (At: random.NextDouble() * 31 * 86400, Length: 2 + (random.NextDouble() * 20)))
            .Concat(Enumerable.Range(0, 4).Select(_ => (At: random.NextDouble() * 31 * 86400, Length: 60 + (random.NextDouble() * 240))));
        if (random.Next(8) == 0)
            holes = holes.Append((At: random.NextDouble() * 30 * 86400, Length: random.NextDouble() * 20_000));
        return [.. holes.Select(h => (Math.Round(h.At + h.Length, 3), Math.Round(h.At, 3)))];
    }

    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Texts(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    static TimeRange Days(double from, double to) => new(AsOf.AddDays(-from), AsOf.AddDays(-to));

    static TimeRange At(int from, int to) => new(AsOf.AddSeconds(from - 100), AsOf.AddSeconds(to - 100));

    static RangeSet Ranges(params (int From, int To)[] ranges) => RangeSet.Of(ranges.Select(r => At(r.From, r.To)));
}
