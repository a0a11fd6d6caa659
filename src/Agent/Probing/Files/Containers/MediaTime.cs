namespace Agent.Probing.Files.Containers;

static class MediaTime
{
    /// <summary>No recorder writes a year into one file; a header that says so is damaged, not evidence.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Rounds down: a duration may fall short by a tick, never beyond.</summary>
    /// <exception cref="InvalidDataException">There are no units per second, or the time is beyond any recording.</exception>
    internal static TimeSpan FromUnits(ulong units, ulong unitsPerSecond)
    {
        if (unitsPerSecond == 0)
            throw new InvalidDataException("the time scale is zero");

        var ticks = (UInt128)units * TimeSpan.TicksPerSecond / unitsPerSecond;
        if (ticks > (UInt128)Longest.Ticks)
            throw new InvalidDataException("the time stamps span more than a year");

        return TimeSpan.FromTicks((long)ticks);
    }
}
