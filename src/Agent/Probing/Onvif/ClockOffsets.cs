namespace Agent.Probing.Onvif;

/// <summary>How far a recorder's clock is ahead of ours.</summary>
/// <param name="Stated">By what stands where UTC belongs; logins are measured by it.</param>
/// <param name="Otherwise">By the zone, where the recorder tells the same time as UTC and as local time: one of the two is wrong. Null where nothing is in doubt.</param>
internal sealed record ClockOffsets(TimeSpan Stated, TimeSpan? Otherwise)
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>
    /// By which of them the times of footage are told. Some recorders tell local time for UTC everywhere, some in that one answer only. It
    /// shows in their newest footage: in one reading it has just been recorded, in the other it is hours old or from the future. Null where it does not show.
    /// </summary>
    /// <param name="now">Our time.</param>
    /// <param name="newest">Newest footage that the recorder states, on its clock; null when it states none.</param>
    public TimeSpan? OfFootage(DateTimeOffset now, DateTimeOffset? newest)
    {
        if (Otherwise is not { } otherwise)
            return Stated;
        if (newest is not { } latest)
            return null;
        TimeSpan[] possible = [.. ((TimeSpan[])[Stated, otherwise]).Where(offset => latest <= now + offset + Fresh)];
        TimeSpan[] fresh = [.. possible.Where(offset => latest >= now + offset - Fresh)];
        return fresh is [var alive] ? alive : possible is [var only] ? only : null;
    }
}
