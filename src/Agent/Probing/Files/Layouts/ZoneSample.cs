namespace Agent.Probing.Files.Layouts;

/// <summary>A whole file whose name tells a local time: a witness of the zone of its recorder.</summary>
/// <param name="Clock">The time in its name.</param>
/// <param name="Length">Length of its footage.</param>
/// <param name="LastWritten">When it was last written, which is when it ended if nobody copied it since.</param>
internal readonly record struct ZoneSample(DateTime Clock, TimeSpan Length, DateTimeOffset LastWritten)
{
    /// <summary>What a file says of the zone of its name; null where the name tells no clock time.</summary>
    /// <param name="layout">By which it is named.</param>
    /// <param name="pathWithoutExtension">Relative path.</param>
    /// <param name="length">Length of its footage, read out of a whole container.</param>
    /// <param name="lastWritten">Of the file.</param>
    public static ZoneSample? Of(Layout layout, ReadOnlySpan<char> pathWithoutExtension, TimeSpan length, DateTimeOffset lastWritten) =>
        layout.NamesTellClock && layout.Template.Matches(pathWithoutExtension, out var fields, out _) && fields.ClockTime is { } clock
            ? new ZoneSample(clock, length, lastWritten)
            : null;
}
