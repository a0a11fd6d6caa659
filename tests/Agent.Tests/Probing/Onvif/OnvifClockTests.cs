using Agent.Probing.Onvif;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

internal sealed class OnvifClockTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    [TestCase("hammeraj/devices__get_system_date_and_time.xml")]
    [TestCase("agsh-v0.x/GetSystemDateAndTime.xml")]
    public void A_captured_clock_is_read(string name) =>
        Assert.That(OnvifClock.TimesIn(CapturedReplies.Answer(name))?.Stated, Is.GreaterThan(new DateTimeOffset(2010, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    [Test]
    public void Utc_is_taken_as_it_stands() =>
        Assert.That(Told("UTC", Utc("2026-11-24T04:00:07"), Local("2026-11-24T12:00:07")), Is.EqualTo(Now.AddSeconds(7)));

    [TestCase("CST-8", false)]
    [TestCase("CST-8:00:00", false)]
    [TestCase("<+08>-8", false)]
    [TestCase("CET-7CEST,M3.5.0,M10.5.0/3", true)]
    public void Without_utc_the_local_time_and_the_zone_tell_it(string zone, bool isSummer) =>
        Assert.That(Told(zone, "", Local("2026-11-24T12:00:07"), isSummer), Is.EqualTo(Now.AddSeconds(7)), "the sign of a POSIX zone is the other way round");

    [Test]
    public void Without_utc_and_without_a_zone_nothing_is_told() =>
        Assert.That(Told("MST", "", Local("2026-11-24T12:00:07")), Is.Null);

    [Test]
    public void The_same_time_as_utc_and_as_local_time_leaves_a_doubt_where_the_zone_lies_elsewhere()
    {
        Assert.That(Times("CST-8", Utc("2026-11-24T12:00:07"), Local("2026-11-24T12:00:07")), Is.EqualTo((Now.AddHours(8).AddSeconds(7), (DateTimeOffset?)Now.AddSeconds(7))));
        Assert.That(Times("UTC0", Utc("2026-11-24T12:00:07"), Local("2026-11-24T12:00:07"))?.Otherwise, Is.Null);
        Assert.That(Times("CST-8", Utc("2026-11-24T04:00:07"), Local("2026-11-24T12:00:07"))?.Otherwise, Is.Null);
    }

    // Stated is 8 h ahead, by the zone it is right; newest footage so many hours from our now.
    [TestCase(0, 0, TestName = "Footage told in UTC while a camera records")]
    [TestCase(8, 8, TestName = "Footage told in local time while a camera records")]
    [TestCase(4, 8, TestName = "Footage told in local time of a recorder that stopped four hours ago")]
    [TestCase(-1, null, TestName = "Old footage leaves it open")]
    [TestCase(null, null, TestName = "No footage leaves it open")]
    [TestCase(20, null, TestName = "Footage from the future in both readings")]
    public void Which_clock_the_footage_is_told_in_shows_in_the_newest(int? newest, int? offset) =>
        Assert.That(
            new ClockOffsets(TimeSpan.FromHours(8), TimeSpan.Zero).OfFootage(Now, Hours(newest), Hours(newest)),
            Is.EqualTo(offset is { } h ? TimeSpan.FromHours(h) : (TimeSpan?)null));

    static DateTimeOffset? Hours(int? fromNow) => fromNow is { } hours ? Now.AddHours(hours) : null;

    [Test]
    public void Footage_that_ended_as_long_ago_as_the_zone_is_away_is_not_taken_for_live() =>
        Assert.That(new ClockOffsets(TimeSpan.FromHours(-5), TimeSpan.Zero).OfFootage(Now, Now.AddHours(-5), null), Is.Null);

    [TestCase(2, 2, true)]
    [TestCase(2.1, 2, true)]
    [TestCase(0, 2, false, TestName = "UTC in a zone that changes its clocks")]
    [TestCase(8, null, false, TestName = "local time in a zone that does not")]
    [TestCase(0, 0, false, TestName = "a zone that is UTC in winter")]
    public void Local_time_that_is_put_back_and_forward_is_known_for_it(double clock, int? zone, bool jumps) =>
        Assert.That(
            new ClockOffsets(TimeSpan.FromHours(clock), null) { Changing = zone is { } hours ? TimeSpan.FromHours(hours) : null }.Jumps(TimeSpan.FromHours(clock)),
            Is.EqualTo(jumps));

    [Test]
    public void Where_nothing_is_in_doubt_the_clock_is_what_it_says() =>
        Assert.That(new ClockOffsets(TimeSpan.FromHours(8), null).OfFootage(Now, null, null), Is.EqualTo(TimeSpan.FromHours(8)));

    [TestCase("2026-13-24T04:00:00")]
    [TestCase("2026-02-30T04:00:00")]
    [TestCase("2026-11-24T25:00:00")]
    [TestCase("0001-11-24T04:00:00")]
    [TestCase("2026-11-24T04:61:00")]
    public void A_time_that_is_none_is_not_told(string time) =>
        Assert.That(Told("CST-8", Utc(time), ""), Is.Null);

    [Test]
    public void Hours_and_seconds_that_carry_do() =>
        Assert.That(Told("CST-8", Utc("2026-11-23T24:00:60"), ""), Is.EqualTo(new DateTimeOffset(2026, 11, 24, 0, 1, 0, TimeSpan.Zero)));

    [TestCase("BRT3", -3)]
    [TestCase("MoroccoStandardTime0", 0)]
    [TestCase("CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00", 1)]
    [TestCase("IST-5:30", 5.5)]
    [TestCase("NST3:30NDT", -3.5)]
    [TestCase("<-03>3", -3)]
    public void Zones_as_recorders_write_them(string zone, double hours) =>
        Assert.That(PosixZone.OffsetIn(zone, isSummer: false), Is.EqualTo(TimeSpan.FromHours(hours)));

    [TestCase("CST-1:00:00DST01:00:00,M3.5.0/02:00:00,M10.5.0/03:00:00", 2)]
    [TestCase("CST-8", 8)]
    public void Summer_is_an_hour_more_where_the_zone_knows_it(string zone, double hours) =>
        Assert.That(PosixZone.OffsetIn(zone, isSummer: true), Is.EqualTo(TimeSpan.FromHours(hours)));

    [TestCase("")]
    [TestCase("Asia/Shanghai")]
    [TestCase("X99")]
    [TestCase("-8")]
    public void What_is_no_zone_tells_nothing(string zone) =>
        Assert.That(PosixZone.OffsetIn(zone, isSummer: false), Is.Null);

    static DateTimeOffset? Told(string zone, string utc, string local, bool isSummer = false) => Times(zone, utc, local, isSummer)?.Stated;

    static (DateTimeOffset Stated, DateTimeOffset? Otherwise)? Times(string zone, string utc, string local, bool isSummer = false)
    {
        var xml = $"""
            <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><GetSystemDateAndTimeResponse><SystemDateAndTime>
            <DateTimeType>NTP</DateTimeType><DaylightSavings>{(isSummer ? "true" : "false")}</DaylightSavings><TimeZone><TZ>{zone.Replace("<", "&lt;", StringComparison.Ordinal)}</TZ></TimeZone>{utc}{local}
            </SystemDateAndTime></GetSystemDateAndTimeResponse></e:Body></e:Envelope>
            """;
        return OnvifClock.TimesIn(CapturedReplies.Read(xml).Answer!);
    }

    static string Utc(string time) => Element("UTCDateTime", time);

    static string Local(string time) => Element("LocalDateTime", time);

    static string Element(string name, string time)
    {
        var parts = time.Split('-', 'T', ':');
        return $"<{name}><Time><Hour>{parts[3]}</Hour><Minute>{parts[4]}</Minute><Second>{parts[5]}</Second></Time><Date><Year>{parts[0]}</Year><Month>{parts[1]}</Month><Day>{parts[2]}</Day></Date></{name}>";
    }
}
