using System.Globalization;

namespace Agent.Probing.Onvif;

/// <summary>Reads a recorder's clock. Every time it tells of its footage is on this clock, right or wrong.</summary>
internal static class OnvifClock
{
    // A recorder tells whole seconds and means any instant of them.
    static readonly TimeSpan HalfAResolution = TimeSpan.FromMilliseconds(500);

    static readonly SoapCall Question = new(OnvifNames.Device, "GetSystemDateAndTime");

    /// <summary>Recorder's clock − ours, with half the round trip removed; or why it is not known.</summary>
    public static async Task<(ClockOffsets? Offsets, SoapFailure? Failure)> ReadAsync(SoapClient client, TimeProvider time, CancellationToken cancel)
    {
        // A first answer may have taken its time for the connection and the login; of a second one the round trip is its own.
        for (var attempt = 1; ; attempt++)
        {
            var (began, stamp) = (time.GetUtcNow(), time.GetTimestamp());
            var reply = await client.AskAsync(client.Address.DevicePath, Question, cancel);
            var elapsed = time.GetElapsedTime(stamp);
            if (!reply.Succeeded(out var answer, out var failure))
                return (null, failure);
            if (TimesIn(answer) is not { Stated: { } stated, Otherwise: var otherwise })
                return (null, new SoapFailure(ProblemCode.MalformedReply, "it tells no time of day that can be one"));
            if (attempt == 1 && elapsed > HalfAResolution)
                continue;
            var meanwhile = began + (elapsed / 2) - HalfAResolution;
            return (new ClockOffsets(stated - meanwhile, otherwise - meanwhile) { Changing = ChangingZoneIn(answer) }, null);
        }
    }

    /// <summary>
    /// The time an answer tells, in UTC, and the other time it may mean, where it tells the same as UTC and as local time although its zone
    /// lies elsewhere; null when it tells none.
    /// </summary>
    public static (DateTimeOffset Stated, DateTimeOffset? Otherwise)? TimesIn(SoapElement answer)
    {
        var clock = answer["SystemDateAndTime"] ?? answer;
        var isSummer = clock.TextAt("DaylightSavings") is "true" or "1";
        var zone = clock.TextAt("TimeZone", "TZ") is { } text ? PosixZone.OffsetIn(text, isSummer) : null;
        var (utc, local) = (DateIn(clock["UTCDateTime"]), DateIn(clock["LocalDateTime"]));
        var fromLocal = local is { } there && zone is { } away ? there - away : (DateTimeOffset?)null;
        return utc is { } stated ? (stated, stated == local && fromLocal != stated ? fromLocal : null)
            : fromLocal is { } meant ? (meant, null)
            : null;
    }

    static TimeSpan? ChangingZoneIn(SoapElement answer)
    {
        var clock = answer["SystemDateAndTime"] ?? answer;
        // Who tells a local time of its own beside it means UTC, however wrong.
        if (DateIn(clock["UTCDateTime"]) is not { } utc || (DateIn(clock["LocalDateTime"]) ?? utc) != utc)
            return null;
        var isSummer = clock.TextAt("DaylightSavings") is "true" or "1";
        return clock.TextAt("TimeZone", "TZ") is { } zone && (isSummer || PosixZone.ChangesClocks(zone)) ? PosixZone.OffsetIn(zone, isSummer) : null;
    }

    /// <summary>Date and time as they stand, taken for UTC. The order of the two differs.</summary>
    static DateTimeOffset? DateIn(SoapElement? element)
    {
        if (element is null || Number(element, "Date", "Year") is not { } year || Number(element, "Date", "Month") is not { } month || Number(element, "Date", "Day") is not { } day
            || Number(element, "Time", "Hour") is not { } hour || Number(element, "Time", "Minute") is not { } minute || Number(element, "Time", "Second") is not { } second)
            return null;
        // Hour and second may be 24 and 60, and carry.
        if (year is < 1970 or > 9000 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 24 || minute is < 0 or > 59 || second is < 0 or > 61)
            return null;
        return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) + new TimeSpan(hour, minute, second);
    }

    static int? Number(SoapElement element, string part, string name) =>
        int.TryParse(element.TextAt(part, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
