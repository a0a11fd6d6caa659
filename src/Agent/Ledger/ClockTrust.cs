using Agent.Evidence.Timelines;

namespace Agent.Ledger;

/// <summary>
/// What the steps of this machine's clock leave certain. Footage is named by the clock: where that was wrong, or an instant came
/// twice or never, nobody can say whether footage is there. Pure.
/// </summary>
/// <param name="Ranges">Stretches of wall time nothing is certain about.</param>
/// <param name="NothingBefore">Nothing before this instant may be certified; null when no step is that large.</param>
sealed record ClockTrust(RangeSet Ranges, DateTimeOffset? NothingBefore)
{
    public static ClockTrust Whole { get; } = new(RangeSet.Empty, null);

    /// <summary>Judges steps.</summary>
    /// <param name="steps">In the order in which they were met.</param>
    /// <param name="dailyLoss">A step up to this costs no more than a day may lose anyway, so only its own range is uncertain.</param>
    public static ClockTrust Of(IEnumerable<ClockStep> steps, TimeSpan dailyLoss)
    {
        var open = new List<ClockStep>();
        var ranges = new List<TimeRange>();
        foreach (var step in steps)
        {
            open.Add(step);
            // The earliest step that this one undoes takes all between them with it: the clock was wrong all that time, and is right again.
            var first = open.FindIndex(earlier => Undoes(step, earlier));
            if (first < 0)
                continue;
            ranges.AddRange(WrongTime(open[first..]));
            open.RemoveRange(first, open.Count - first);
        }

        DateTimeOffset? nothingBefore = null;
        foreach (var step in open)
        {
            if (step.Size.Duration() <= dailyLoss)
                ranges.Add(Between(step.From, step.To.Wall));
            else if (Later(step.From, step.To.Wall) is var later && (nothingBefore is null || later > nothingBefore))
                nothingBefore = later;
        }

        return new ClockTrust(RangeSet.Of(ranges), nothingBefore);
    }

    /// <summary>What of a window is uncertain.</summary>
    public RangeSet In(TimeRange window) =>
        (NothingBefore is { } instant && instant > window.From ? Ranges.Union(RangeSet.Of([new TimeRange(window.From, instant)])) : Ranges).Clip(window);

    // Within a boot the monotonic clock tells to the millisecond. A machine that woke with a dead clock battery says less: right again
    // is whatever lies at least as far ahead of the last good reading as it has been up.
    static bool Undoes(ClockStep step, ClockStep earlier)
    {
        if (ReferenceEquals(step, earlier) || !step.SameBoot || step.To.Boot != earlier.To.Boot)
            return false;
        var elapsed = Elapsed(earlier, step);
        var off = step.To.Wall - (earlier.From + elapsed);
        return earlier.SameBoot ? off.Duration() <= ClockStep.Tolerance(elapsed) : off >= -ClockStep.Tolerance(elapsed);
    }

    // The wrong clock's own stretches, and the real stretch in which it was wrong.
    static IEnumerable<TimeRange> WrongTime(List<ClockStep> steps)
    {
        for (var i = 1; i < steps.Count; i++)
            yield return Between(steps[i - 1].To.Wall, steps[i].From);
        yield return Between(steps[^1].To.Wall - Elapsed(steps[0], steps[^1]), steps[^1].To.Wall);
    }

    static TimeSpan Elapsed(ClockStep from, ClockStep to) => TimeSpan.FromMilliseconds(to.To.Monotonic - from.To.Monotonic);

    static TimeRange Between(DateTimeOffset a, DateTimeOffset b) => a < b ? new TimeRange(a, b) : new TimeRange(b, a);

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
