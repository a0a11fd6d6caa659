using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files;

internal sealed class UnreadableFoldersTests
{
    static readonly TimeRange Window = new(Instant("2000-01-01T00:00:00Z"), Instant("2026-11-23T10:00:00Z"));

    [TestCase("2026-11-03", null, "2026-11-03T00:00:00Z", "2026-11-05T00:00:00Z")]
    [TestCase("2026-11-03/04", null, "2026-11-03T04:00:00Z", "2026-11-03T06:00:00Z")]
    [TestCase("2026-11-03/04/front", "front", "2026-11-03T04:00:00Z", "2026-11-03T06:00:00Z")]
    [TestCase("2026-11-23/09/front", "front", "2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")]
    [TestCase("clips", null, "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    [TestCase("", null, "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    public void A_folder_of_frigate_hides_its_hour_in_utc(string folder, string? camera, string from, string to) =>
        AssertHides("frigate", 0, folder, camera, from, to);

    [TestCase("front", "front", "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    [TestCase("front/2026-11-03", "front", "2026-11-02T16:00:00Z", "2026-11-04T16:00:00Z")]
    [TestCase("", null, "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    public void A_folder_of_a_camera_hides_its_day_in_the_zone_of_the_recorder(string folder, string? camera, string from, string to) =>
        AssertHides("%Y-%m-%d/%H-%M-%S", 1, folder, camera, from, to);

    [TestCase("front/2026", "front", "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    [TestCase("front/2026/11", "front", "2000-01-01T00:00:00Z", "2026-11-23T10:00:00Z")]
    [TestCase("front/2026/11/03", "front", "2026-11-02T16:00:00Z", "2026-11-04T16:00:00Z")]
    public void A_folder_of_a_year_or_a_month_hides_everything_of_its_camera(string folder, string? camera, string from, string to) =>
        AssertHides("%Y/%m/%d/%H%M%S", 1, folder, camera, from, to);

    [Test]
    public void A_day_in_a_recorders_own_folder_hides_that_day_of_every_camera() =>
        AssertHides("%Y-%m-%d/%H-%M-%S", 0, "2026-11-03", null, "2026-11-02T16:00:00Z", "2026-11-04T16:00:00Z");

    [TestCase("front/9999-12-31")]
    [TestCase("front/9998-12-31")]
    [TestCase("front/0001-01-01")]
    [TestCase("front/1970-01-01")]
    public void A_folder_of_a_day_nobody_looked_at_hides_nothing(string folder)
    {
        var (camera, range) = new UnreadableFolders(Layout.Named("%Y-%m-%d/%H-%M-%S"), TimeZoneInfo.Utc, prefixParts: 1).Hides(folder, Window);

        Assert.That(camera, Is.EqualTo("front"));
        Assert.That(range.IsEmpty, Is.True);
    }

    static void AssertHides(string layout, int prefixParts, string folder, string? camera, string from, string to)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.That(new UnreadableFolders(Layout.Named(layout), zone, prefixParts).Hides(folder, Window), Is.EqualTo((camera, new TimeRange(Instant(from), Instant(to)))));
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
