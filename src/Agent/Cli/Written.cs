using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Agent.Probing.Onvif.Discovery;

namespace Agent.Cli;

/// <summary>Values as people write them on a command line. What cannot be read is an error of the option, in plain words.</summary>
internal static partial class Written
{
    const int FirstYear = 2000;

    /// <summary>"15d", "15".</summary>
    public static int Days(ArgumentResult result) =>
        int.TryParse(Text(result).TrimEnd('d'), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 365
            ? days
            : Wrong(result, "a number of days from 1d to 365d", 0);

    /// <summary>"90s", "30m", "2h", "00:30:00".</summary>
    public static TimeSpan Duration(ArgumentResult result)
    {
        var match = Units().Match(Text(result));
        var span = match.Success && double.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? match.Groups[2].Value switch { "s" => TimeSpan.FromSeconds(value), "m" => TimeSpan.FromMinutes(value), _ => TimeSpan.FromHours(value) }
            : TimeSpan.TryParseExact(Text(result), "c", CultureInfo.InvariantCulture, out var exact) ? exact : TimeSpan.Zero;
        return span >= TimeSpan.FromSeconds(2) && span < TimeSpan.FromDays(1) ? span : Wrong(result, "a duration from 2s to under a day, such as 30m", span);
    }

    /// <summary>"192.0.2.10", "192.0.2.10:3702", "[2001:db8::1]:3702".</summary>
    public static IPEndPoint[] Hosts(ArgumentResult result)
    {
        var hosts = new List<IPEndPoint>();
        foreach (var token in result.Tokens)
            if (IPEndPoint.TryParse(token.Value, out var host))
                hosts.Add(host.Port == 0 ? new IPEndPoint(host.Address, DiscoveryTarget.Port) : host);
            else
                result.AddError($"'{token.Value}' is not an address such as 192.0.2.10 or 192.0.2.10:3702.");
        return [.. hosts];
    }

    /// <summary>An IANA zone, or a Windows one where the system knows it.</summary>
    public static TimeZoneInfo Zone(ArgumentResult result) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(Text(result), out var zone) ? zone : Wrong(result, "a time zone of this machine, such as Asia/Shanghai", TimeZoneInfo.Utc);

    /// <summary>An instant with an offset, not before the first year from which footage is believed.</summary>
    public static DateTimeOffset? Instant(ArgumentResult result) =>
        WithOffset().IsMatch(Text(result)) && DateTimeOffset.TryParse(Text(result), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && instant.UtcDateTime.Year >= FirstYear
            ? instant.ToUniversalTime()
            : Wrong<DateTimeOffset?>(result, "an instant since 2000 with its offset, such as 2026-11-23T10:00:00Z", null);

    /// <summary>A date in the years in which a camera can have begun.</summary>
    public static DateOnly? Date(ArgumentResult result) =>
        DateOnly.TryParseExact(Text(result), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= FirstYear and <= 2099
            ? date
            : Wrong<DateOnly?>(result, "a date from 2000 to 2099, such as 2026-01-15", null);

    static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";

    static T Wrong<T>(ArgumentResult result, string expected, T instead)
    {
        result.AddError($"'{Text(result)}' is not {expected}.");
        return instead;
    }

    [GeneratedRegex("^([0-9]{1,6})(s|m|h)$")]
    private static partial Regex Units();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex WithOffset();
}
