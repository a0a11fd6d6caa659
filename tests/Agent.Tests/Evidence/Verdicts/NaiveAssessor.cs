using System.Collections.Concurrent;
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

    static readonly ConcurrentDictionary<(TimeZoneInfo Zone, DateTimeOffset Start, int Length), int[]> Days = new();

    readonly Dictionary<SpanState, (byte[] Raw, byte[] Forgiven, bool RecordingNow)> _states = [];

    const byte Footage = (byte)SpanState.Recorded;
    const byte Missing = (byte)SpanState.Gap;

    public NaiveAssessor(CameraEvidence evidence, RetentionPolicy policy, TimeZoneInfo zone, DateTimeOffset now)
    {
        (_evidence, _policy, _start) = (evidence, policy, evidence.Timeline.Window.From);
        _now = (int)(now - _start).TotalSeconds;
        _day = Days.GetOrAdd((zone, _start, _now), LocalDays);
        foreach (var unknownAs in (SpanState[])[SpanState.Recorded, SpanState.Gap])
        {
            var raw = States(unknownAs);
            _states[unknownAs] = (raw, Forgive(raw, Array.LastIndexOf(States(SpanState.Recorded), Footage), out var recordingNow), recordingNow);
        }
    }

    static int[] LocalDays((TimeZoneInfo Zone, DateTimeOffset Start, int Length) window)
    {
        var dates = Enumerable.Range(0, window.Length).Select(i => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(window.Start.AddSeconds(i), window.Zone).DateTime).DayNumber).ToArray();
        return Array.ConvertAll(dates, date => date - dates[0]);
    }

    public Verdict Verdict(int days)
    {
        var answers = new List<(Verdict Retention, int? Since, SpanState UnknownAs)>();
        foreach (var believed in Beginnings())
            foreach (var unknownAs in (SpanState[])[SpanState.Recorded, SpanState.Gap])
                answers.Add(Judge(days, unknownAs, believed));
        var latest = answers.Max(a => a.Since);
        var continuities = answers.SelectMany(a => new[] { Continuity(a.Since, a.UnknownAs), Continuity(latest, a.UnknownAs) }).Distinct().ToList();
        var retentions = answers.Select(a => a.Retention).Distinct().ToList();
        return (Verdict)Math.Max((int)Single(continuities), (int)Single(retentions));

        static Verdict Single(List<Verdict> answers) => answers.Count == 1 ? answers[0] : Agent.Evidence.Verdicts.Verdict.Undetermined;
    }

    /// <summary>Whether the stated beginning may be believed: no when a second before it holds footage, both when only unknown ones come before it.</summary>
    bool[] Beginnings()
    {
        if (_evidence.Commissioning is not { } c)
            return [true];
        var before = Math.Clamp((int)(c.Within.From - _start).TotalSeconds, 0, _now);
        var (ifGap, ifFootage) = (_states[SpanState.Gap].Raw, _states[SpanState.Recorded].Raw);
        return Array.IndexOf(ifGap, Footage, 0, before) >= 0 ? [false] : Array.IndexOf(ifFootage, Footage, 0, before) >= 0 ? [true, false] : [true];
    }

    public long? ContinuousSeconds(SpanState unknownAs)
    {
        var (raw, states, _) = _states[unknownAs];
        var oldest = Array.IndexOf(raw, Footage);
        if (oldest < 0)
            return null;
        return _now - (FirstBreakBack(states, oldest) is { } second ? EndOfGap(raw, second) : oldest);
    }

    byte[] States(SpanState unknownAs)
    {
        var states = new byte[_now];
        foreach (var span in _evidence.Timeline.Spans)
            for (var i = (int)(span.Range.From - _start).TotalSeconds; i < Math.Min(_now, (int)(span.Range.To - _start).TotalSeconds); i++)
                states[i] = (byte)(span.State == SpanState.Unknown ? unknownAs : span.State);
        return states;
    }

    /// <summary>The time after the newest footage is not judged while it is fresh.</summary>
    byte[] Forgive(byte[] states, int newestPossible, out bool recordingNow)
    {
        var newest = Array.LastIndexOf(states, Footage);
        var missing = 0;
        for (var i = newest + 1; i < _now; i++)
            missing += states[i] == Missing ? 1 : 0;
        recordingNow = newest >= 0 && missing <= _evidence.Freshness.TotalSeconds;
        if (!recordingNow)
            return states;
        var forgiven = (byte[])states.Clone();
        for (var i = newestPossible + 1; i < _now; i++)
            if (forgiven[i] == Missing)
                forgiven[i] = Footage;
        return forgiven;
    }

    int? FirstBreakBack(byte[] states, int from)
    {
        var lostOnDay = new int[16];
        var inARow = 0;
        var budget = _policy.DailyLoss.TotalSeconds;
        for (var i = _now - 1; i >= from; i--)
        {
            if (states[i] != Missing)
            {
                inARow = 0;
                continue;
            }
            inARow++;
            lostOnDay[_day[i]]++;
            if (inARow > budget || lostOnDay[_day[i]] > budget)
                return i;
        }
        return null;
    }

    int EndOfGap(byte[] states, int second)
    {
        while (second < _now && states[second] == Missing)
            second++;
        return second;
    }

    (Verdict Retention, int? Since, SpanState UnknownAs) Judge(int days, SpanState unknownAs, bool believed)
    {
        var (raw, states, _) = _states[unknownAs];
        var oldest = Array.IndexOf(raw, Footage);
        var required = _now - days * 86400;
        int? beganLatest = believed && _evidence.Commissioning is { } c ? (int)(c.Within.To - _start).TotalSeconds : null;

        bool Reaches(int since)
        {
            if (since >= _now)
                return true;
            if (oldest < 0)
                return false;
            var missing = 0;
            for (var i = Math.Max(0, since); i < oldest; i++)
                missing += states[i] == Missing ? 1 : 0;
            return missing <= _policy.DailyLoss.TotalSeconds;
        }

        Verdict retention;
        if (_evidence.Losses.Any(l => LostEarly(l, days)))
            retention = Agent.Evidence.Verdicts.Verdict.Breached;
        else if (Reaches(required))
            retention = Agent.Evidence.Verdicts.Verdict.Met;
        else if (oldest < 0 && beganLatest >= _now)
            retention = Agent.Evidence.Verdicts.Verdict.Undetermined;
        else if (beganLatest is { } latest)
            retention = Reaches(latest) ? Agent.Evidence.Verdicts.Verdict.Maturing : Agent.Evidence.Verdicts.Verdict.Breached;
        else
            retention = Agent.Evidence.Verdicts.Verdict.Undetermined;

        if (beganLatest > required)
            return (retention, beganLatest, unknownAs);
        if (Reaches(required) || (oldest < 0 && beganLatest is not null))
            return (retention, required, unknownAs);
        return (retention, oldest >= 0 ? Math.Max(oldest, required) : null, unknownAs);
    }

    Verdict Continuity(int? judgedFrom, SpanState unknownAs)
    {
        if (judgedFrom is not { } from)
            return Agent.Evidence.Verdicts.Verdict.Undetermined;
        var (_, states, recordingNow) = _states[unknownAs];
        if (FirstBreakBack(states, from) is null)
            return Agent.Evidence.Verdicts.Verdict.Met;
        return recordingNow && !AnyWeekLosesTooMuch(states, from) ? Agent.Evidence.Verdicts.Verdict.Interrupted : Agent.Evidence.Verdicts.Verdict.Breached;
    }

    bool AnyWeekLosesTooMuch(byte[] states, int from)
    {
        var lost = new int[16];
        for (var i = from; i < _now; i++)
            if (states[i] == Missing)
                lost[_day[i]]++;
        return Enumerable.Range(0, lost.Length).Any(day => lost.Skip(day).Take(7).Sum() > _policy.WeeklyLoss.TotalSeconds);
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
