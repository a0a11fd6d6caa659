using System.Globalization;
using Agent.Probing.Files;

namespace Agent.Probing.Onvif;

/// <summary>Times in messages: xs:dateTime, always written in UTC, read with and without a zone.</summary>
internal static class OnvifTime
{
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(
        instant.UtcTicks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The instant; null when it is none. Without a zone it is UTC, as ONVIF demands of times of events.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;

    /// <summary>The same, without what no footage can be of: clocks that were never set say 1970.</summary>
    public static DateTimeOffset? Plausible(string? text) => Parse(text) is { } instant && instant >= SegmentPlausibility.Earliest ? instant : null;
}
