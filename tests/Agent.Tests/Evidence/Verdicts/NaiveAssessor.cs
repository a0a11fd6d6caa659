using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Tests.Evidence.Verdicts;

/// <summary>
/// The same rules written a second time, the slow way: an array with one state per second, walked one second at a time.
/// Shares no code with the assessor but the input records.
/// </summary>
internal sealed class NaiveAssessor
{
    readonly CameraEvidence _evidence;
    readonly RetentionPolicy _policy;
    readonly DateTimeOffset _start;
    readonly int _now;
    readonly int[] _day;

    public NaiveAssessor(CameraEvidence evidence, RetentionPolicy policy, TimeZoneInfo zone, DateTimeOffset now)
    {
        (_evidence, _policy, _start) = (evidence, policy, evidence.Timeline.Window.From);
        _now = (int)(now - _start).TotalSeconds;
        _day = new int[_now];
        for (var i = 0; i < _now; i++)
            // Offsets change on quarter hours only, so one conversion serves fifteen minutes.
            _day[i] = i % 900 == 0 || i == 0
                ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_start.AddSeconds(i), zone).DateTime).DayNumber
                : _day[i - 1];
    }

    public Verdict Verdict(int days)
    {
        var (bestContinuity, bestRetention) = Judge(days, SpanState.Recorded);
        var (worstContinuity, worstRetention) = Judge(days, SpanState.Gap);
        var continuity = bestContinuity == worstContinuity ? bestContinuity : Agent.Evidence.Verdicts.Verdict.Undetermined;
        var retention = bestRetention == worstRetention ? bestRetention : Agent.Evidence.Verdicts.Verdict.Undetermined;
        return (Verdict)Math.Max((int)continuity, (int)retention);
    }

    public long? ContinuousSeconds(SpanState unknownAs)
    {
        var s = States(unknownAs);
        var oldest = Array.IndexOf(s, SpanState.Recorded);
        if (oldest < 0)
            return null;
        var at = FirstBreakBack(Forgive(s, out _), oldest);
        return _now - (at is { } second ? EndOfGap(s, second) : oldest);
    }

    SpanState[] States(SpanState unknownAs)
    {
        var states = new SpanState[_now];
        foreach (var span in _evidence.Timeline.Spans)
            for (var i = (int)(span.Range.From - _start).TotalSeconds; i < Math.Min(_now, (int)(span.Range.To - _start).TotalSeconds); i++)
                states[i] = span.State == SpanState.Unknown ? unknownAs : span.State;
        return states;
    }

    /// <summary>The time after the newest footage is not judged while it is fresh.</summary>
    SpanState[] Forgive(SpanState[] states, out bool recordingNow)
    {
        var newest = Array.LastIndexOf(states, SpanState.Recorded);
        var missing = 0;
        for (var i = newest + 1; i < _now; i++)
            missing += states[i] == SpanState.Gap ? 1 : 0;
        recordingNow = newest >= 0 && missing <= _evidence.Freshness.TotalSeconds;
        if (!recordingNow)
            return states;
        var forgiven = (SpanState[])states.Clone();
        for (var i = newest + 1; i < _now; i++)
            if (forgiven[i] == SpanState.Gap)
                forgiven[i] = SpanState.Recorded;
        return forgiven;
    }

    int? FirstBreakBack(SpanState[] states, int from)
    {
        var lostOnDay = new Dictionary<int, int>();
        var inARow = 0;
        for (var i = _now - 1; i >= from; i--)
        {
            if (states[i] != SpanState.Gap)
            {
                inARow = 0;
                continue;
            }
            inARow++;
            lostOnDay[_day[i]] = lostOnDay.GetValueOrDefault(_day[i]) + 1;
            if (inARow > _policy.DailyLoss.TotalSeconds || lostOnDay[_day[i]] > _policy.DailyLoss.TotalSeconds)
                return i;
        }
        return null;
    }

    int EndOfGap(SpanState[] states, int second)
    {
        while (second < _now && states[second] == SpanState.Gap)
            second++;
        return second;
    }

    (Verdict Continuity, Verdict Retention) Judge(int days, SpanState unknownAs)
    {
        var raw = States(unknownAs);
        var states = Forgive(raw, out var recordingNow);
        var oldest = Array.IndexOf(raw, SpanState.Recorded);
        var required = _now - days * 86400;
        int? began = null, beganLatest = null;
        var contradicted = false;
        if (_evidence.Commissioning is { } c)
        {
            began = (int)(c.Within.From - _start).TotalSeconds;
            beganLatest = (int)(c.Within.To - _start).TotalSeconds;
            contradicted = oldest >= 0 && oldest < began;
            if (contradicted)
                beganLatest = null;
        }

        bool Reaches(int since)
        {
            if (since >= _now)
                return true;
            if (oldest < 0)
                return false;
            var missing = 0;
            for (var i = Math.Max(0, since); i < oldest; i++)
                missing += states[i] == SpanState.Gap ? 1 : 0;
            return missing <= _policy.DailyLoss.TotalSeconds;
        }

        Verdict retention;
        if (_evidence.Losses.Any(l => LostEarly(l, days)))
            retention = Agent.Evidence.Verdicts.Verdict.Breached;
        else if (Reaches(required))
            retention = Agent.Evidence.Verdicts.Verdict.Met;
        else if (beganLatest is { } latest)
            retention = Reaches(latest) ? Agent.Evidence.Verdicts.Verdict.Maturing : Agent.Evidence.Verdicts.Verdict.Breached;
        else
            retention = Agent.Evidence.Verdicts.Verdict.Undetermined;

        int judgedFrom;
        if (beganLatest > required)
            judgedFrom = beganLatest.Value;
        else if (Reaches(required) || (oldest < 0 && beganLatest is not null))
            judgedFrom = required;
        else if (oldest >= 0)
            judgedFrom = Math.Max(oldest, required);
        else
            return (Agent.Evidence.Verdicts.Verdict.Undetermined, retention);

        Verdict continuity;
        if (FirstBreakBack(states, judgedFrom) is null)
            continuity = Agent.Evidence.Verdicts.Verdict.Met;
        else if (recordingNow && !AnyWeekLosesTooMuch(states, judgedFrom))
            continuity = Agent.Evidence.Verdicts.Verdict.Interrupted;
        else
            continuity = Agent.Evidence.Verdicts.Verdict.Breached;
        return (continuity, retention);
    }

    bool AnyWeekLosesTooMuch(SpanState[] states, int from)
    {
        var lost = new Dictionary<int, int>();
        for (var i = from; i < _now; i++)
            if (states[i] == SpanState.Gap)
                lost[_day[i]] = lost.GetValueOrDefault(_day[i]) + 1;
        return lost.Keys.Any(day => Enumerable.Range(day, 7).Sum(d => lost.GetValueOrDefault(d)) > _policy.WeeklyLoss.TotalSeconds);
    }

    bool LostEarly(FootageLoss loss, int days)
    {
        var noticed = (loss.NoticedAt - _start).TotalSeconds;
        for (var i = (loss.Range.From - _start).TotalSeconds; i < (loss.Range.To - _start).TotalSeconds; i++)
        {
            var stillDue = i >= _now - days * 86400 && i < _now;
            if (stillDue)
                return (loss.Range.To - _start).TotalSeconds > noticed - days * 86400 + _policy.DailyLoss.TotalSeconds;
        }
        return false;
    }
}
