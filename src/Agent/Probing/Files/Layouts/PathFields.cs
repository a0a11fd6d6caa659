namespace Agent.Probing.Files.Layouts;

/// <summary>What a template read out of a path. Fields a template does not have keep their start values.</summary>
internal record struct PathFields()
{
    public int Year { get; set; } = 1;
    public int Month { get; set; } = 1;
    public int Day { get; set; } = 1;
    public int Hour { get; set; }
    public int Minute { get; set; }
    public int Second { get; set; }
    public long FractionTicks { get; set; }

    /// <summary>Seconds since 1970, when the template has <c>%s</c> or <c>%Q</c>.</summary>
    public long? UnixSeconds { get; set; }

    /// <summary>Offset from UTC, when the template has <c>%z</c>.</summary>
    public TimeSpan? Offset { get; set; }

    /// <summary>The camera, when the template has <c>{camera}</c>.</summary>
    public string? Camera { get; set; }

    /// <summary>The finest unit read, to know how long a folder's time is.</summary>
    public TimeSpan Unit { get; set; } = TimeSpan.MaxValue;

    /// <summary>The clock time in the path; null when it is no date.</summary>
    public readonly DateTime? ClockTime =>
        Year is >= 1 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DateTime.DaysInMonth(Year, Month)
            && Hour is >= 0 and <= 23 && Minute is >= 0 and <= 59 && Second is >= 0 and <= 59
            ? new DateTime(Year, Month, Day, Hour, Minute, Second, DateTimeKind.Unspecified).AddTicks(FractionTicks)
            : null;

    /// <summary>Takes over a number.</summary>
    /// <param name="kind">The letter of its token.</param>
    /// <param name="value">The number.</param>
    /// <param name="digits">How many digits it was written with.</param>
    public void Set(char kind, long value, int digits)
    {
        switch (kind)
        {
            case 'Y': Year = (int)value; break;
            case 'y': Year = 2000 + (int)value; break;
            case 'm': Month = (int)value; break;
            case 'd': Day = (int)value; Refine(TimeSpan.FromDays(1)); break;
            case 'H': Hour = (int)value; Refine(TimeSpan.FromHours(1)); break;
            case 'M': Minute = (int)value; Refine(TimeSpan.FromMinutes(1)); break;
            case 'S': Second = (int)value; Refine(TimeSpan.FromSeconds(1)); break;
            case 'f': FractionTicks = value * PowersOfTen[7 - digits]; break;
            case 'L': FractionTicks = value * TimeSpan.TicksPerMillisecond; break;
            case 's': UnixSeconds = value; Refine(TimeSpan.FromSeconds(1)); break;
            case 'Q':
                (UnixSeconds, FractionTicks) = (value / 1000, value % 1000 * TimeSpan.TicksPerMillisecond);
                Refine(TimeSpan.FromSeconds(1));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    static ReadOnlySpan<int> PowersOfTen => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

    void Refine(TimeSpan unit) => Unit = unit < Unit ? unit : Unit;
}
