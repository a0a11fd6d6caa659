using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Verdicts;

internal sealed class SiteCalendarTests
{
    [TestCase("Asia/Shanghai", "2026-11-23", "2026-11-22T16:00:00Z", 24)]
    [TestCase("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25)]
    [TestCase("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23)]
    [TestCase("America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", 23, Description = "clocks jump over midnight: the day begins at one")]
    public void A_day_has_as_many_hours_as_the_zone_gives_it(string zone, string date, string starts, int hours)
    {
        var day = new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone)).DayOf(DateOnly.Parse(date, null));
        Assert.Multiple(() =>
        {
            Assert.That(day.From, Is.EqualTo(DateTimeOffset.Parse(starts, null)));
            Assert.That(day.Length, Is.EqualTo(TimeSpan.FromHours(hours)));
        });
    }

    [TestCase("Asia/Shanghai")]
    [TestCase("Europe/Berlin")]
    [TestCase("America/Havana")]
    [TestCase("Pacific/Apia")]
    public void A_split_loses_nothing_and_every_part_lies_in_its_date(string zone)
    {
        var calendar = new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var range = new TimeRange(new DateTimeOffset(2026, 2, 20, 7, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));
        var parts = calendar.Split(range).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(RangeSet.Of(parts.Select(p => p.Part)), Is.EqualTo(new[] { range }));
            Assert.That(parts.Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Part.Length), Is.EqualTo(range.Length));
            Assert.That(parts.All(p => calendar.DateAt(p.Part.From) == p.Date && calendar.DateAt(p.Part.To.AddTicks(-1)) == p.Date), Is.True);
        });
    }
}
