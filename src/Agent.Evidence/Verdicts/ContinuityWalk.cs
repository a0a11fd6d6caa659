using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>
/// Walks one timeline (nothing unknown in it) back from now. The run ends at the first gap that is longer than the daily loss, or
/// that takes its site-local day above it: what counts for a day is the scheduled time missing on that day, so footage
/// between the oldest and the newest can never make it worse.
/// </summary>
sealed class ContinuityWalk
{
    readonly RangeSet _gaps;
    readonly RangeSet _wholeGaps;
    readonly SiteCalendar _calendar;
    readonly RetentionPolicy _policy;

    /// <param name="timeline">A timeline without unknown spans.</param>
    /// <param name="now">End of what is judged.</param>
    /// <param name="newest">End of the newest footage there can be as far as was looked; the tail that is not judged begins here.</param>
    /// <param name="freshness">Up to this much scheduled time after the newest footage is not judged.</param>
    /// <param name="calendar">The site's days.</param>
    /// <param name="policy">The budgets.</param>
    public ContinuityWalk(Timeline timeline, DateTimeOffset now, DateTimeOffset newest, TimeSpan freshness, SiteCalendar calendar, RetentionPolicy policy)
    {
        (_calendar, _policy) = (calendar, policy);
        Oldest = timeline.Oldest;
        var gaps = timeline.In(SpanState.Gap).Clip(new TimeRange(timeline.Window.From, now));
        var tail = gaps.Clip(new TimeRange(timeline.Newest ?? timeline.Window.From, now));
        RecordingNow = Oldest is not null && tail.Length <= freshness;
        // Where the newest footage may lie in time nobody could look at, the tail begins after that: hiding footage forgives nothing.
        var unjudged = gaps.Clip(new TimeRange(newest, now));
        _wholeGaps = gaps;
        _gaps = RecordingNow && unjudged.Length <= freshness ? gaps.Except(unjudged) : gaps;
    }

    /// <summary>Start of the oldest footage.</summary>
    public DateTimeOffset? Oldest { get; }

    /// <summary>The newest footage is fresh.</summary>
    public bool RecordingNow { get; }

    /// <summary>Scheduled time missing in a range.</summary>
    public TimeSpan LossIn(TimeRange range) => _gaps.Clip(range).Length;

    /// <summary>
    /// The gap that ends the run inside <paramref name="range"/>, going back from its end; null when the run fills it. To its very end: what is
    /// not judged of a gap is no footage either.
    /// </summary>
    public TimeRange? BreakIn(TimeRange range)
    {
        var lost = new Dictionary<DateOnly, TimeSpan>();
        foreach (var gap in _gaps.Clip(range).Reverse())
        {
            if (gap.Length > _policy.DailyLoss)
                return Whole(gap);
            foreach (var (date, part) in _calendar.Split(gap))
                if ((lost[date] = lost.GetValueOrDefault(date) + part.Length) > _policy.DailyLoss)
                    return Whole(gap);
        }
        return null;

        TimeRange Whole(TimeRange gap) => new(gap.From, _wholeGaps.Clip(new TimeRange(gap.From, range.To))[0].To);
    }

    /// <summary>Whether seven consecutive site-local days inside <paramref name="range"/> lose more than the weekly budget.</summary>
    public bool ExceedsWeeklyLossIn(TimeRange range)
    {
        var parts = _gaps.Clip(range).SelectMany(_calendar.Split).ToList();
        var week = TimeSpan.Zero;
        for (int first = 0, last = 0; last < parts.Count; last++)
        {
            week += parts[last].Part.Length;
            while (parts[first].Date < parts[last].Date.AddDays(-6))
                week -= parts[first++].Part.Length;
            if (week > _policy.WeeklyLoss)
                return true;
        }
        return false;
    }
}
