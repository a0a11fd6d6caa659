using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// When a path says a segment begins. A local time that happens twice (clocks going back) has two readings. A path that tells only
/// the day, or nothing, leaves all the time between the two open, and the segment is placed by its end.
/// </summary>
internal readonly record struct StartTime(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    // A container's end is that of its last picture, and what writes it is buffered: a file is last written about when it ends.
    static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    // What is believed of the length of a file that tells none.
    static readonly TimeSpan LongestUntold = TimeSpan.FromHours(2);

    static readonly DateTimeOffset BeforeRecorders = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The path does not tell the time of day: the segment began so long before it was last written as it is long.</summary>
    public bool ByEnd { get; init; }

    public static StartTime Of(PathFields fields, TimeZoneInfo zone)
    {
        if (fields.UnixSeconds is { } seconds)
            return Certain(DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(fields.FractionTicks));
        var clock = fields.ClockTime!.Value;
        // At the very edges of the calendar an offset leads out of it; such a year is refused as implausible later.
        if (clock.Year is <= 1 or >= 9999)
            return Certain(new DateTimeOffset(clock, TimeSpan.Zero));
        return fields.Offset is { } offset ? Certain(new DateTimeOffset(clock, offset)) : Of(clock, zone);
    }

    /// <summary>Of a path that tells the day only.</summary>
    public static StartTime OnDay(PathFields fields, TimeZoneInfo zone)
    {
        var day = fields.ClockTime!.Value.Date;
        return day.Year is <= 1 or >= 9999
            ? Certain(new DateTimeOffset(day, TimeSpan.Zero)) with { ByEnd = true }
            : new StartTime(Of(day, zone).Earliest, Of(day.AddDays(1), zone).Latest) { ByEnd = true };
    }

    /// <summary>Of a path that tells nothing.</summary>
    public static StartTime Untold() => new(BeforeRecorders, DateTimeOffset.MaxValue) { ByEnd = true };

    /// <summary>
    /// The instant: of two readings the latest with which the segment had ended when the file was last written; of a path that does
    /// not tell the time, <paramref name="lastWritten"/> − <paramref name="duration"/>. Null when that is not on the day the path tells:
    /// then the one or the other is wrong, and the start is not known.
    /// </summary>
    /// <param name="lastWritten">Of the file.</param>
    /// <param name="duration">Length of its footage; zero when nothing tells it.</param>
    public DateTimeOffset? Resolve(DateTimeOffset lastWritten, TimeSpan duration)
    {
        if (!ByEnd)
            return Latest == Earliest || Latest - lastWritten <= Slack - duration ? Latest : Earliest;
        if (duration < TimeSpan.Zero || duration > lastWritten - DateTimeOffset.MinValue)
            return null;
        var start = lastWritten - duration;
        return Earliest - start <= Slack && start - Latest <= Slack ? start : null;
    }

    /// <summary>
    /// The time a file may fill whose start cannot be told: it lies on the day of its path, or, when its length is not known, in the
    /// longest segment that could have ended when it was last written.
    /// </summary>
    /// <param name="lastWritten">Of the file.</param>
    /// <param name="duration">Length of its footage; null when nothing tells it.</param>
    public TimeRange MayLie(DateTimeOffset lastWritten, TimeSpan? duration)
    {
        if (duration is null && Resolve(lastWritten, TimeSpan.Zero) is { } end)
            return new TimeRange(end - Earliest < LongestUntold ? Earlier(Earliest, end) : end - LongestUntold, end);
        var after = DateTimeOffset.MaxValue - Latest;
        var length = duration ?? LongestUntold;
        return new TimeRange(Earliest, Latest + (length < after ? length : after));
    }

    static StartTime Of(DateTime clock, TimeZoneInfo zone)
    {
        if (!zone.IsAmbiguousTime(clock))
            return Certain(new DateTimeOffset(clock, zone.GetUtcOffset(clock)));
        var offsets = zone.GetAmbiguousTimeOffsets(clock);
        return new StartTime(new DateTimeOffset(clock, offsets.Max()).ToUniversalTime(), new DateTimeOffset(clock, offsets.Min()).ToUniversalTime());
    }

    static StartTime Certain(DateTimeOffset instant) => new(instant.ToUniversalTime(), instant.ToUniversalTime());

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
