using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>What is known of a track, or of a whole recording, on the recorder's clock. What is neither recorded nor unseen was looked at and is not there.</summary>
/// <param name="Recorded">Footage.</param>
/// <param name="Unseen">Where nothing is known.</param>
/// <param name="Pieces">Stored pieces, as the recorder tells them apart.</param>
internal sealed record TrackHistory(RangeSet Recorded, RangeSet Unseen, int Pieces)
{
    /// <summary>Nothing is known of a time.</summary>
    public static TrackHistory Unknown(TimeRange asked) => new(RangeSet.Empty, RangeSet.Of([asked]), 0);

    /// <summary>Of several tracks or recordings of one camera: footage of any is footage, and only what all were asked about is absent.</summary>
    public static TrackHistory Union(IEnumerable<TrackHistory> histories)
    {
        var all = histories.ToList();
        var recorded = RangeSet.Of(all.SelectMany(h => h.Recorded));
        return new TrackHistory(recorded, RangeSet.Of(all.SelectMany(h => h.Unseen)).Except(recorded), all.Sum(h => h.Pieces));
    }

    /// <summary>
    /// Pairs the events of one track, in whatever order they came. An event says that the state changes: where one says what was so already,
    /// one was lost in between (a recorder that lost its power says nothing), and the time between the two is unknown.
    /// </summary>
    /// <param name="events">All of one track.</param>
    /// <param name="asked">The time that was searched.</param>
    /// <param name="isComplete">All events were told.</param>
    public static TrackHistory Of(IReadOnlyList<TrackEvent> events, TimeRange asked, bool isComplete)
    {
        var changes = events.Where(e => !e.IsStartState && e.Time >= asked.From && e.Time <= asked.To).ToList();
        // What was not told all may still be believed up to the last, if it came in the order of time.
        var end = isComplete ? asked.To : IsAscending(changes) && changes.Count > 0 ? changes[^1].Time : asked.From;
        var groups = changes.Where(e => e.Time <= end).GroupBy(e => e.Time).OrderBy(g => g.Key)
            .Select(g => (Time: g.Key, Begins: g.Any(e => e.IsPresent), Ends: g.Any(e => !e.IsPresent))).ToList();

        var (recorded, unseen) = (new List<TimeRange>(), new List<TimeRange>());
        var (state, from) = (StateAtStart(events, asked), asked.From);
        for (var i = 0; i < groups.Count; i++)
        {
            var (time, begins, ends) = groups[i];
            if (state is not { } present || (present ? !ends : !begins))
                unseen.Add(new TimeRange(from, time));
            else if (present)
                recorded.Add(new TimeRange(from, time));
            state = begins && ends ? AfterBoth(state, i + 1 < groups.Count ? groups[i + 1] : null) : begins;
            from = time;
        }

        if (state == true)
            recorded.Add(new TimeRange(from, end));
        else if (state is null)
            unseen.Add(new TimeRange(from, end));
        unseen.Add(new TimeRange(end, asked.To));
        return new TrackHistory(RangeSet.Of(recorded), RangeSet.Of(unseen), recorded.Count(r => !r.IsEmpty));
    }

    /// <summary>Null when nobody said, or when it was said both ways.</summary>
    static bool? StateAtStart(IReadOnlyList<TrackEvent> events, TimeRange asked)
    {
        var said = events.Where(e => e.IsStartState).Select(e => e.IsPresent).Distinct().ToList();
        if (said.Count == 0 && events.Where(e => e.Time < asked.From).ToList() is { Count: > 0 } earlier)
            said = [.. earlier.GroupBy(e => e.Time).MaxBy(g => g.Key)!.Select(e => e.IsPresent).Distinct()];
        return said is [var state] ? state : null;
    }

    /// <summary>
    /// One piece ends and the next begins in the same instant: a roll, no gap. After a time without footage the two are a piece of no
    /// length or a beginning; which of them, the next event tells.
    /// </summary>
    static bool? AfterBoth(bool? before, (DateTimeOffset Time, bool Begins, bool Ends)? next) =>
        before == true ? true
        : next is { Begins: false } ? true
        : next is { Ends: false } ? false
        : null;

    static bool IsAscending(List<TrackEvent> events)
    {
        for (var i = 1; i < events.Count; i++)
            if (events[i].Time < events[i - 1].Time)
                return false;
        return true;
    }
}
