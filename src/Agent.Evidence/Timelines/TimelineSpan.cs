namespace Agent.Evidence.Timelines;

/// <summary>One stretch of a timeline in one state.</summary>
public readonly record struct TimelineSpan(TimeRange Range, SpanState State)
{
    /// <summary>Length of the stretch.</summary>
    public TimeSpan Length => Range.Length;
}
