using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

internal sealed class StartTimeTests
{
    [TestCase("2026-11-01_00-30-00", "2026-11-01T04:30:00Z", Description = "before the clocks go back")]
    [TestCase("2026-11-01_02-30-00", "2026-11-01T07:30:00Z", Description = "after it")]
    [TestCase("2026-03-08_01-30-00", "2026-03-08T06:30:00Z", Description = "before the clocks go forward")]
    [TestCase("2026-03-08_03-30-00", "2026-03-08T07:30:00Z", Description = "after it")]
    public void A_local_time_that_happens_once_is_certain(string name, string expected)
    {
        var start = In("America/New_York", name);

        Assert.That(start.Earliest, Is.EqualTo(Instant(expected)));
        Assert.That(start.Latest, Is.EqualTo(start.Earliest));
        Assert.That(start.Earliest.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("America/New_York", "2026-11-01_01-30-00", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z")]
    [TestCase("America/New_York", "2026-11-01_01-00-00", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z")]
    [TestCase("Australia/Lord_Howe", "2026-04-05_01-45-00", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z")]
    public void A_local_time_that_happens_twice_has_two_readings(string zone, string name, string earliest, string latest) =>
        Assert.That(In(zone, name), Is.EqualTo(new StartTime(Instant(earliest), Instant(latest))));

    [Test]
    public void When_it_was_written_decides_between_the_readings()
    {
        var start = In("America/New_York", "2026-11-01_01-30-00");

        Assert.That(start.Resolve(Instant("2026-11-01T05:40:00Z"), TimeSpan.Zero), Is.EqualTo(Instant("2026-11-01T05:30:00Z")));
        Assert.That(start.Resolve(Instant("2026-11-01T06:40:00Z"), TimeSpan.Zero), Is.EqualTo(Instant("2026-11-01T06:30:00Z")));
        Assert.That(start.Resolve(Instant("1970-01-01T00:00:00Z"), TimeSpan.Zero), Is.EqualTo(Instant("2026-11-01T05:30:00Z")));
    }

    [Test]
    public void How_long_it_is_decides_too()
    {
        var start = In("America/New_York", "2026-11-01_01-30-00");

        Assert.That(start.Resolve(Instant("2026-11-01T06:30:00Z"), TimeSpan.FromHours(1)), Is.EqualTo(Instant("2026-11-01T05:30:00Z")), "written when the clocks read 1:30 again");
        Assert.That(start.Resolve(Instant("2026-11-01T07:30:00Z"), TimeSpan.FromHours(1)), Is.EqualTo(Instant("2026-11-01T06:30:00Z")));
        Assert.That(start.Resolve(Instant("2026-11-01T07:29:58Z"), TimeSpan.FromHours(1)), Is.EqualTo(Instant("2026-11-01T06:30:00Z")), "the last picture was still shown");
        Assert.That(start.Resolve(DateTimeOffset.MaxValue, TimeSpan.MaxValue), Is.EqualTo(Instant("2026-11-01T05:30:00Z")));
    }

    [Test]
    public void A_file_nothing_places_lies_on_its_day_or_before_it_was_written()
    {
        Assert.That(Layout.Named("zoneminder-medium").TryPlace("7/2026-11-01/812/812-video", "r", TimeZoneInfo.FindSystemTimeZoneById("America/New_York"), out _, out var start), Is.True);

        Assert.That(start.MayLie(Instant("2026-11-01T15:00:00Z"), null), Is.EqualTo(new TimeRange(Instant("2026-11-01T13:00:00Z"), Instant("2026-11-01T15:00:00Z"))));
        Assert.That(start.MayLie(Instant("2026-11-01T05:00:00Z"), null), Is.EqualTo(new TimeRange(Instant("2026-11-01T04:00:00Z"), Instant("2026-11-01T05:00:00Z"))));
        Assert.That(start.MayLie(Instant("2026-12-24T15:00:00Z"), TimeSpan.FromMinutes(10)), Is.EqualTo(new TimeRange(Instant("2026-11-01T04:00:00Z"), Instant("2026-11-02T05:10:00Z"))), "a day of 25 hours");
        Assert.That(StartTime.Untold().MayLie(DateTimeOffset.UnixEpoch, null).To, Is.EqualTo(DateTimeOffset.MaxValue));
    }

    [Test]
    public void Segments_in_local_names_follow_each_other_when_the_clocks_go_back()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        for (var real = Instant("2026-11-01T03:00:00Z"); real < Instant("2026-11-01T09:00:00Z"); real = real.AddMinutes(10))
        {
            var name = TimeZoneInfo.ConvertTime(real, zone).ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture);

            Assert.That(In("America/New_York", name).Resolve(real.AddMinutes(10), TimeSpan.FromMinutes(10)), Is.EqualTo(real), name);
        }
    }

    [Test]
    public void A_local_time_that_never_happens_is_read_as_if_the_clocks_had_not_gone_forward() =>
        Assert.That(In("America/New_York", "2026-03-08_02-30-00").Resolve(Instant("2027-01-01T00:00:00Z"), TimeSpan.Zero), Is.EqualTo(Instant("2026-03-08T07:30:00Z")));

    [Test]
    public void Unix_seconds_need_no_zone()
    {
        Assert.That(PathTemplate.Parse("%s-%f").Matches("1793678706-5", out var fields, out _), Is.True);

        Assert.That(StartTime.Of(fields, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).Latest, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1793678706500)));
    }

    [TestCase("2026-11-01_01-30-00+0800", "2026-10-31T17:30:00Z")]
    [TestCase("2026-11-01_01-30-00-1400", "2026-11-01T15:30:00Z")]
    public void An_offset_in_the_path_needs_no_zone(string name, string expected)
    {
        Assert.That(PathTemplate.Parse("%Y-%m-%d_%H-%M-%S%z").Matches(name, out var fields, out _), Is.True);

        var start = StartTime.Of(fields, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

        Assert.That(start, Is.EqualTo(new StartTime(Instant(expected), Instant(expected))));
    }

    [Test]
    public void No_time_a_name_can_tell_throws([Values("0001-01-01", "0002-01-01", "1880-01-01", "1927-12-31", "1960-06-01", "9998-12-31", "9999-12-31")] string day,
        [Values("Asia/Shanghai", "Europe/Amsterdam", "Africa/Monrovia", "Pacific/Kiritimati", "Etc/GMT+12")] string zone) =>
        Assert.That(() => (In(zone, $"{day}_00-00-00"), In(zone, $"{day}_23-59-59")), Throws.Nothing);

    static StartTime In(string zone, string name)
    {
        Assert.That(PathTemplate.Parse("%Y-%m-%d_%H-%M-%S").Matches(name, out var fields, out _), Is.True);
        return StartTime.Of(fields, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
