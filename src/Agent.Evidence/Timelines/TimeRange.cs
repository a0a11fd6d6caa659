namespace Agent.Evidence.Timelines;

/// <summary>A half-open piece of time <c>[From, To)</c> in UTC.</summary>
public readonly record struct TimeRange
{
    /// <summary>Makes a range; both ends are converted to UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="to"/> lies before <paramref name="from"/>.</exception>
    public TimeRange(DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        From = from.ToUniversalTime();
        To = to.ToUniversalTime();
    }

    /// <summary>First instant inside.</summary>
    public DateTimeOffset From { get; }

    /// <summary>First instant after.</summary>
    public DateTimeOffset To { get; }

    /// <summary><c>To − From</c>, never negative.</summary>
    public TimeSpan Length => To - From;

    /// <summary>Holds no instant.</summary>
    public bool IsEmpty => From == To;

    /// <summary>Whether <paramref name="instant"/> lies inside.</summary>
    public bool Contains(DateTimeOffset instant) => From <= instant && instant < To;

    /// <summary>The part common to both; empty (at the later start) when there is none.</summary>
    public TimeRange Intersect(TimeRange other)
    {
        var from = From > other.From ? From : other.From;
        var to = To < other.To ? To : other.To;
        return to > from ? new TimeRange(from, to) : new TimeRange(from, from);
    }

    /// <summary>The same length, moved by <paramref name="by"/>.</summary>
    public TimeRange Shift(TimeSpan by) => by == TimeSpan.Zero ? this : new(From + by, To + by);
}
