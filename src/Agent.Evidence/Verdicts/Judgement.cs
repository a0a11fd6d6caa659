using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>
/// One judgement of a camera, in which nothing is left open: every unknown instant is taken as footage, or every one as gap, and the
/// stated commissioning is believed or not.
/// </summary>
sealed class Judgement
{
    readonly CameraEvidence _evidence;
    readonly RetentionPolicy _policy;
    readonly DateTimeOffset _now;
    readonly ContinuityWalk _walk;
    readonly Commissioning? _commissioning;
    readonly bool _contradicted;

    Judgement(CameraEvidence evidence, RetentionPolicy policy, DateTimeOffset now, ContinuityWalk walk, bool contradicted)
    {
        (_evidence, _policy, _now, _walk) = (evidence, policy, now, walk);
        (_contradicted, _commissioning) = (contradicted, contradicted ? null : evidence.Commissioning);
        if (_walk.Oldest is { } oldest)
        {
            BrokenBy = _walk.BreakIn(new TimeRange(oldest, now));
            ContinuousSince = BrokenBy?.To ?? oldest;
        }
    }

    /// <summary>
    /// Every judgement the evidence leaves room for. The first takes all that is unknown as footage, the last takes it as gap; where nothing
    /// is unknown they are one and the same.
    /// </summary>
    public static IReadOnlyList<Judgement> Of(CameraEvidence evidence, RetentionPolicy policy, SiteCalendar calendar, DateTimeOffset now)
    {
        var newest = NewestPossible(evidence, now);
        ContinuityWalk[] walks = evidence.Timeline.Spans.Any(span => span.State == SpanState.Unknown)
            ? [Walk(SpanState.Recorded), Walk(SpanState.Gap)]
            : [Walk(SpanState.Gap)];
        return [.. from contradicted in Contradicted(evidence) from walk in walks select new Judgement(evidence, policy, now, walk, contradicted)];

        ContinuityWalk Walk(SpanState unknownAs) =>
            new(evidence.Timeline.WithUnknownAs(unknownAs), now, newest, evidence.Freshness, calendar, policy);
    }

    /// <summary>Where the run that reaches now began; null without footage.</summary>
    public DateTimeOffset? ContinuousSince { get; }

    /// <summary>The gap that ends it.</summary>
    public TimeRange? BrokenBy { get; }

    /// <summary>Whether what was recorded is still there at its required age.</summary>
    public Verdict Retention(int days, ISet<VerdictReason> reasons)
    {
        var required = Required(days);
        var lost = _evidence.Losses.Where(l => IsEarly(l, required, days)).ToList();
        if (lost.Exists(l => l.FromOldestEdge))
            reasons.Add(VerdictReason.OverwrittenEarly);
        if (lost.Exists(l => !l.FromOldestEdge))
            reasons.Add(VerdictReason.VanishedEarly);
        if (_walk.Oldest is null)
            reasons.Add(VerdictReason.NoFootage);

        Verdict reach;
        if (Reaches(required))
            reach = Verdict.Met;
        else if (_commissioning is { } began && (_walk.Oldest is not null || began.Within.To < _now))
        {
            var kept = Reaches(began.Within.To);
            reach = kept ? Verdict.Maturing : Verdict.Breached;
            reasons.Add(kept ? VerdictReason.KeptSinceCommissioning : VerdictReason.BeginsLate);
        }
        else if (_commissioning is not null)
        {
            reach = Verdict.Undetermined; // the day on which it shall begin is not over, and there is nothing yet to judge
        }
        else
        {
            reach = Verdict.Undetermined;
            reasons.Add(_contradicted ? VerdictReason.CommissioningContradicted : VerdictReason.CommissioningUnknown);
        }
        return lost.Count > 0 ? Verdict.Breached : reach;
    }

    /// <summary>Footage that begins within a day's loss of an instant reaches it; time outside the schedule is not missed.</summary>
    bool Reaches(DateTimeOffset since) =>
        since >= _now || _walk.LossIn(new TimeRange(since, _walk.Oldest is { } oldest ? Later(since, oldest) : _now)) <= LossAllowed;

    // Without any footage nothing is reached, however young the requirement.
    TimeSpan LossAllowed => _walk.Oldest is null ? TimeSpan.FromTicks(-1) : _policy.DailyLoss;

    bool IsEarly(FootageLoss loss, DateTimeOffset required, int days)
    {
        var stillDue = loss.Range.Intersect(new TimeRange(required, Later(required, _now)));
        var dueWhenNoticed = loss.NoticedAt - TimeSpan.FromDays(days) + _policy.DailyLoss;
        return !stillDue.IsEmpty && loss.Range.To > dueWhenNoticed;
    }

    /// <summary>Whether the footage since an instant is unbroken within the budgets; null as <see cref="JudgedSince"/> gives it.</summary>
    public Verdict Continuity(DateTimeOffset? judgedSince, ISet<VerdictReason> reasons)
    {
        if (judgedSince is not { } since)
            return Verdict.Undetermined;
        var judged = new TimeRange(since, Later(since, _now));
        if (_walk.BreakIn(judged) is null)
            return Verdict.Met;

        reasons.Add(VerdictReason.ContinuityBroken);
        if (!_walk.RecordingNow)
            reasons.Add(VerdictReason.NotRecordingNow);
        var weekly = _walk.ExceedsWeeklyLossIn(judged);
        if (weekly)
            reasons.Add(VerdictReason.WeeklyLossExceeded);
        return _walk.RecordingNow && !weekly ? Verdict.Interrupted : Verdict.Breached;
    }

    /// <summary>
    /// Where the judged time begins: at the required age; for a younger camera after its commissioning (the day of the fitters is
    /// not judged); otherwise at the oldest footage. Null: there is neither footage nor a beginning to judge from.
    /// </summary>
    public DateTimeOffset? JudgedSince(int days)
    {
        var required = Required(days);
        if (_commissioning is { } began && began.Within.To > required)
            return began.Within.To;
        if (Reaches(required) || (_walk.Oldest is null && _commissioning is not null))
            return required;
        return _walk.Oldest is { } oldest ? Later(oldest, required) : null;
    }

    /// <summary>
    /// Whether there is footage older than the stated commissioning: then the camera did exist before, and since when is not known.
    /// Where that time could not be looked at it may be so or not, and what is judged differs. Neither is the milder one: without a
    /// commissioning more time is judged, with it the footage has to reach back to it.
    /// </summary>
    static bool[] Contradicted(CameraEvidence evidence)
    {
        if (evidence.Commissioning is not { } stated)
            return [false];
        if (evidence.Timeline.Oldest < stated.Within.From)
            return [true];
        return evidence.Timeline.In(SpanState.Unknown) is [var first, ..] && first.From < stated.Within.From ? [false, true] : [false];
    }

    DateTimeOffset Required(int days) => _now - TimeSpan.FromDays(days);

    /// <summary>End of the newest footage if all time that could not be looked at were footage; what lies after the look is no part of it.</summary>
    static DateTimeOffset NewestPossible(CameraEvidence evidence, DateTimeOffset now)
    {
        var start = evidence.Timeline.Window.From;
        var looked = new TimeRange(start, Later(start, evidence.LookedAt < now ? evidence.LookedAt : now));
        var unseen = evidence.Timeline.In(SpanState.Unknown).Clip(looked);
        var newest = Later(evidence.Timeline.Newest ?? start, unseen is [.., var last] ? last.To : start);
        return newest < now ? newest : now;
    }

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
