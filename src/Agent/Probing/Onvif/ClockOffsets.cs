namespace Agent.Probing.Onvif;

/// <summary>How far a recorder's clock is ahead of ours.</summary>
/// <param name="Stated">By what stands where UTC belongs; logins are measured by it.</param>
/// <param name="Otherwise">By the zone, where the recorder tells the same time as UTC and as local time: one of the two is wrong. Null where nothing is in doubt.</param>
internal sealed record ClockOffsets(TimeSpan Stated, TimeSpan? Otherwise)
{
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    // A clock that is wrong by about as much as its zone is ahead tells local time.
    static readonly TimeSpan About = TimeSpan.FromMinutes(15);

    /// <summary>How far local time is ahead of UTC just now, in a zone that changes its clocks; null in any other, and where nobody said.</summary>
    public TimeSpan? Changing { get; init; }

    /// <summary>Footage told by this clock is told in local time that is put back and forward: what lies before the last change may be an hour off.</summary>
    public bool Jumps(TimeSpan clock) => Changing is { } local && local != TimeSpan.Zero && (clock - local).Duration() < About;

    /// <summary>
    /// By which of them the times of footage are told. Some recorders tell local time for UTC everywhere, some in that one answer only. It
    /// shows in their newest footage: in one reading it has just been recorded, in the other it is hours old or from the future. Null where it does not show.
    /// </summary>
    /// <param name="now">Our time.</param>
    /// <param name="newest">Newest footage that the recorder states, on its clock; null when it states none.</param>
    /// <param name="live">The same of what it does not call stopped: footage that ended some hours ago looks like live footage told by the other clock.</param>
    public TimeSpan? OfFootage(DateTimeOffset now, DateTimeOffset? newest, DateTimeOffset? live)
    {
        if (Otherwise is not { } otherwise)
            return Stated;
        if (newest is not { } latest)
            return null;
        TimeSpan[] possible = [.. ((TimeSpan[])[Stated, otherwise]).Where(offset => latest <= now + offset + Fresh)];
        TimeSpan[] fresh = [.. possible.Where(offset => live >= now + offset - Fresh)];
        return fresh is [var alive] ? alive : possible is [var only] ? only : null;
    }
}
