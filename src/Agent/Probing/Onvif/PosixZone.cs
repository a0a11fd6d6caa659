using System.Globalization;
using System.Text.RegularExpressions;

namespace Agent.Probing.Onvif;

/// <summary>The time zone as recorders write it: POSIX, where west is positive. Only how far standard and summer time lie from UTC is taken.</summary>
internal static partial class PosixZone
{
    static readonly TimeSpan Widest = TimeSpan.FromHours(15);

    /// <summary>How far local time lies ahead of UTC; null where the text does not say.</summary>
    /// <param name="zone">Such as <c>CST-8</c>, <c>BRT3</c>, <c>CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00</c>.</param>
    /// <param name="isSummer">Whether summer time holds just now.</param>
    public static TimeSpan? OffsetIn(string zone, bool isSummer)
    {
        var match = Shape().Match(zone);
        if (!match.Success || Span(match, "") is not { } behind || behind.Duration() > Widest)
            return null;
        // Where a recorder writes an offset for summer time it means the step, POSIX means the offset itself: both are an hour wherever people live.
        return -behind + (isSummer && match.Groups["summer"].Success ? TimeSpan.FromHours(1) : TimeSpan.Zero);
    }

    /// <summary>Whether the text names a summer time.</summary>
    public static bool ChangesClocks(string zone) => Shape().Match(zone).Groups["summer"].Success;

    static TimeSpan? Span(Match match, string suffix)
    {
        int Part(string name) => match.Groups[name + suffix] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var span = new TimeSpan(Part("h"), Part("m"), Part("s"));
        return match.Groups["sign"].Value == "-" ? -span : span;
    }

    [GeneratedRegex(@"^\s*(?:<[^>]{1,20}>|[^\d\s+:<>,-]{1,40})(?<sign>[+-]?)(?<h>\d{1,2})(?::(?<m>\d{1,2}))?(?::(?<s>\d{1,2}))?(?<summer><[^>]{1,20}>|[A-Za-z]{3,20})?")]
    private static partial Regex Shape();
}
