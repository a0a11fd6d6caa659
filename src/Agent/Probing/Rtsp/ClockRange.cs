using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>Times as RTSP writes them: <c>clock=20261101T083000.250Z-</c> (RFC 2326, 3.7), always UTC.</summary>
internal static class ClockRange
{
    static readonly string[] Formats = [.. Enumerable.Range(0, 8).Select(digits => digits == 0 ? "yyyyMMdd'T'HHmmss'Z'" : $"yyyyMMdd'T'HHmmss'.'{new string('f', digits)}'Z'")];

    /// <param name="from">First instant.</param>
    /// <param name="to">Null for as far as there is.</param>
    public static string Text(DateTimeOffset from, DateTimeOffset? to) => $"clock={Instant(from)}-{(to is { } end ? Instant(end) : "")}";

    /// <summary>Null when it is none. One without an end, or with an end before its beginning, is empty.</summary>
    public static TimeRange? Read(string? text)
    {
        const string Unit = "clock=";
        if (text is null || !text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        // A ";time=" may follow, which says when the request takes effect.
        var ends = text[Unit.Length..].Split(';')[0].Split('-');
        if (ends.Length is < 1 or > 2 || Instant(ends[0]) is not { } from)
            return null;
        return new TimeRange(from, ends.Length == 2 && Instant(ends[1]) is { } to && to > from ? to : from);
    }

    static string Instant(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return utc.Ticks % TimeSpan.TicksPerSecond == 0
            ? utc.ToString(Formats[0], CultureInfo.InvariantCulture)
            : utc.ToString(Formats[3], CultureInfo.InvariantCulture);
    }

    static DateTimeOffset? Instant(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
