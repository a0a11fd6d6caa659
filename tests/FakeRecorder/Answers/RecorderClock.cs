using System.Globalization;
using System.Xml.Linq;
using FakeRecorder.Soap;

namespace FakeRecorder.Answers;

/// <summary>
/// The recorder's own time. What it tells are instants without a zone, off by its offset, and by its zone too where it takes local time
/// for UTC; what it is asked about is compared with what it tells, so that it need not know better than its clock.
/// </summary>
internal sealed class RecorderClock(RecorderScript script)
{
    readonly Quirks _quirks = script.Quirks;
    readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(script.Quirks.Zone);

    public DateTimeOffset TrueNow => script.Clock.GetUtcNow();

    /// <summary>What tokens are measured by.</summary>
    public DateTime OfTokens => _quirks.TokensByToldClock ? ClaimedUtc : Utc(TrueNow);

    /// <summary>What stands where UTC belongs.</summary>
    public DateTime ClaimedUtc => _quirks.Clock is ClockTelling.LocalAsUtc or ClockTelling.LocalEverywhere ? Local(TrueNow) : Utc(TrueNow);

    /// <summary>A true instant as this recorder tells it.</summary>
    public DateTime Told(DateTimeOffset instant)
    {
        var told = _quirks.Clock == ClockTelling.LocalEverywhere ? Local(instant) : Utc(instant);
        // Who writes no fractions has none in its index either.
        return _quirks.TimeForm == TimeForm.Milliseconds ? told : told.AddTicks(-(told.Ticks % TimeSpan.TicksPerSecond));
    }

    public DateTime ToldNow => Told(TrueNow);

    public string Text(DateTime told) => _quirks.TimeForm switch
    {
        TimeForm.Milliseconds => told.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeForm.Bare => told.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        TimeForm.Offset => TimeZoneInfo.ConvertTime(new DateTimeOffset(told, TimeSpan.Zero), _zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        _ => told.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    public XElement SystemDateAndTime() => new(Namespaces.Device + "GetSystemDateAndTimeResponse", new XElement(Namespaces.Device + "SystemDateAndTime",
        new XElement(Namespaces.Schema + "DateTimeType", "NTP"),
        new XElement(Namespaces.Schema + "DaylightSavings", _zone.IsDaylightSavingTime(TrueNow + script.ClockOffset)),
        new XElement(Namespaces.Schema + "TimeZone", new XElement(Namespaces.Schema + "TZ", _quirks.ZoneText)),
        _quirks.Clock == ClockTelling.LocalOnly ? null : DateAndTime("UTCDateTime", ClaimedUtc),
        DateAndTime("LocalDateTime", Local(TrueNow))));

    static XElement DateAndTime(string name, DateTime value) => new(Namespaces.Schema + name,
        new XElement(Namespaces.Schema + "Time",
            new XElement(Namespaces.Schema + "Hour", value.Hour),
            new XElement(Namespaces.Schema + "Minute", value.Minute),
            new XElement(Namespaces.Schema + "Second", value.Second)),
        new XElement(Namespaces.Schema + "Date",
            new XElement(Namespaces.Schema + "Year", value.Year),
            new XElement(Namespaces.Schema + "Month", value.Month),
            new XElement(Namespaces.Schema + "Day", value.Day)));

    DateTime Utc(DateTimeOffset instant) => (instant + script.ClockOffset).UtcDateTime;

    DateTime Local(DateTimeOffset instant) => DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(instant + script.ClockOffset, _zone).DateTime, DateTimeKind.Utc);
}
