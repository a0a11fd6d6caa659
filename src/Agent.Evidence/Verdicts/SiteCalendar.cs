using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>The site's local days as UTC ranges: 23, 24 or 25 hours long where clocks change.</summary>
public sealed class SiteCalendar(TimeZoneInfo zone)
{
    /// <summary>The site's zone.</summary>
    public TimeZoneInfo Zone => zone;

    /// <summary>The local date at an instant.</summary>
    public DateOnly DateAt(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The range of a local date.</summary>
    public TimeRange DayOf(DateOnly date) => new(StartOf(date), StartOf(date.AddDays(1)));

    /// <summary>A range cut at local midnights.</summary>
    public IEnumerable<(DateOnly Date, TimeRange Part)> Split(TimeRange range)
    {
        if (range.IsEmpty)
            yield break;
        var from = range.From;
        for (var date = DateAt(from); from < range.To; date = date.AddDays(1))
        {
            var end = StartOf(date.AddDays(1));
            var to = end < range.To ? end : range.To;
            if (to > from)
                yield return (date, new TimeRange(from, to));
            from = to > from ? to : from;
        }
    }

    DateTimeOffset StartOf(DateOnly date)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        // Where clocks jump over midnight the day begins at the first minute that exists;
        // where midnight happens twice it begins at the first of the two (the larger offset).
        while (zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
