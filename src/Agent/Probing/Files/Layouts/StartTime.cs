namespace Agent.Probing.Files.Layouts;

/// <summary>When a path says a segment begins. A local time that happens twice (clocks going back) has two readings.</summary>
internal readonly record struct StartTime(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    public static StartTime Of(PathFields fields, TimeZoneInfo zone)
    {
        if (fields.UnixSeconds is { } seconds)
            return Certain(DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(fields.FractionTicks));
        var clock = fields.ClockTime!.Value;
        // At the very edges of the calendar an offset leads out of it; such a year is refused as implausible later.
        if (clock.Year is <= 1 or >= 9999)
            return Certain(new DateTimeOffset(clock, TimeSpan.Zero));
        if (fields.Offset is { } offset)
            return Certain(new DateTimeOffset(clock, offset));
        if (!zone.IsAmbiguousTime(clock))
            return Certain(new DateTimeOffset(clock, zone.GetUtcOffset(clock)));
        var offsets = zone.GetAmbiguousTimeOffsets(clock);
        return new StartTime(new DateTimeOffset(clock, offsets.Max()).ToUniversalTime(), new DateTimeOffset(clock, offsets.Min()).ToUniversalTime());
    }

    /// <summary>The latest reading that is not after the file was last written.</summary>
    public DateTimeOffset Resolve(DateTimeOffset lastWritten) => Latest <= lastWritten ? Latest : Earliest;

    static StartTime Certain(DateTimeOffset instant) => new(instant.ToUniversalTime(), instant.ToUniversalTime());
}
