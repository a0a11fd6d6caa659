namespace Agent.Evidence.Timelines;

/// <summary>A track's whole window, every instant in exactly one state.</summary>
public sealed class Timeline
{
    Timeline(TimeRange window, TimelineSpan[] spans) => (Window, Spans) = (window, spans);

    /// <summary>The time this speaks of.</summary>
    public TimeRange Window { get; }

    /// <summary>Ascending, without holes or overlaps, filling <see cref="Window"/>; neighbours differ in state.</summary>
    public IReadOnlyList<TimelineSpan> Spans { get; }

    /// <summary>Start of the oldest footage; null when there is none.</summary>
    public DateTimeOffset? Oldest => Spans.Where(s => s.State == SpanState.Recorded).Select(s => (DateTimeOffset?)s.Range.From).FirstOrDefault();

    /// <summary>End of the newest footage; null when there is none.</summary>
    public DateTimeOffset? Newest => Spans.Where(s => s.State == SpanState.Recorded).Select(s => (DateTimeOffset?)s.Range.To).LastOrDefault();

    /// <summary>
    /// Lays the states over each other: outside the schedule, then recorded, then unknown; the rest of the window is gap.
    /// </summary>
    public static Timeline Of(TimeRange window, RangeSet recorded, RangeSet unknown, RangeSet notScheduled)
    {
        var outside = notScheduled.Clip(window);
        var footage = recorded.Clip(window).Except(outside);
        var unseen = unknown.Clip(window).Except(outside).Except(footage);
        var gap = outside.Union(footage).Union(unseen).Complement(window);
        var spans = outside.Select(r => new TimelineSpan(r, SpanState.NotScheduled))
            .Concat(footage.Select(r => new TimelineSpan(r, SpanState.Recorded)))
            .Concat(unseen.Select(r => new TimelineSpan(r, SpanState.Unknown)))
            .Concat(gap.Select(r => new TimelineSpan(r, SpanState.Gap)))
            .ToArray();
        Array.Sort(spans, (a, b) => a.Range.From.CompareTo(b.Range.From));
        return new Timeline(window, spans);
    }

    /// <summary>All stretches in one state.</summary>
    public RangeSet In(SpanState state) => RangeSet.Of(Spans.Where(s => s.State == state).Select(s => s.Range));

    /// <summary>The same timeline with every unknown instant taken as <paramref name="state"/>.</summary>
    public Timeline WithUnknownAs(SpanState state) => state switch
    {
        SpanState.Recorded => Of(Window, In(SpanState.Recorded).Union(In(SpanState.Unknown)), RangeSet.Empty, In(SpanState.NotScheduled)),
        SpanState.Gap => Of(Window, In(SpanState.Recorded), RangeSet.Empty, In(SpanState.NotScheduled)),
        _ => this,
    };
}
