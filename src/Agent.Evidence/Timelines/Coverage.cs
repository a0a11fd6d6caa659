namespace Agent.Evidence.Timelines;

/// <summary>How much of a range is recorded (录像完整率: recorded ÷ scheduled).</summary>
/// <param name="Recorded">Time with footage.</param>
/// <param name="Gap">Scheduled time without footage.</param>
/// <param name="Unknown">Scheduled time that could not be looked at.</param>
/// <param name="LongestGap">The longest single gap inside the range.</param>
/// <param name="Gaps">Number of gaps.</param>
public readonly record struct Coverage(TimeSpan Recorded, TimeSpan Gap, TimeSpan Unknown, TimeSpan LongestGap, int Gaps)
{
    /// <summary>Recorded ÷ scheduled, 0 to 1; null when nothing was scheduled.</summary>
    public double? Ratio => (Recorded + Gap + Unknown) is { Ticks: > 0 } scheduled ? Recorded / scheduled : null;

    /// <summary>Measures <paramref name="range"/> of a timeline; what lies outside the timeline's window counts as nothing.</summary>
    public static Coverage Of(Timeline timeline, TimeRange range)
    {
        TimeSpan recorded = default, gap = default, unknown = default, longest = default;
        int gaps = 0;
        foreach (var span in timeline.Spans)
        {
            var length = span.Range.Intersect(range).Length;
            if (length == TimeSpan.Zero)
                continue;
            switch (span.State)
            {
                case SpanState.Recorded:
                    recorded += length;
                    break;
                case SpanState.Unknown:
                    unknown += length;
                    break;
                case SpanState.Gap:
                    gap += length;
                    gaps++;
                    longest = length > longest ? length : longest;
                    break;
                case SpanState.NotScheduled:
                default:
                    break;
            }
        }
        return new Coverage(recorded, gap, unknown, longest, gaps);
    }
}
