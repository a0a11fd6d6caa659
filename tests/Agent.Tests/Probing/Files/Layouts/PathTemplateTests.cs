using System.Diagnostics;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

internal sealed class PathTemplateTests
{
    static readonly DateTime Full = new(2026, 11, 3, 4, 5, 6);

    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-03_04-05-06")]
    [TestCase("%Y%m%d%H%M%S", "20261103040506")]
    [TestCase("%Y/%m/%d/%H/%M/%S", "2026/11/03/04/05/06")]
    [TestCase("/%Y-%m-%d/%H-%M-%S/", "2026-11-03/04-05-06")]
    [TestCase("%d.%m.%Y %H h %M:%S", "03.11.2026 04 h 05:06")]
    [TestCase("100%% %Y%m%d%H%M%S", "100% 20261103040506")]
    [TestCase("%v_%Y%m%d%H%M%S", "7_20261103040506")]
    [TestCase("%v%Y%m%d%H%M%S", "12345678920261103040506")]
    [TestCase("*-%Y%m%d%H%M%S-*", "a-b-20261103040506-c-d")]
    [TestCase("%y/%m/%d/%H/%M/%S", "26/11/03/04/05/06")]
    [TestCase("%Y%m%d%H%M%S{|.*}", "20261103040506")]
    [TestCase("%Y%m%d%H%M%S{|.*}", "20261103040506.h264")]
    [TestCase("{a|b|%x}-%Y%m%d%H%M%S", "b-20261103040506")]
    [TestCase("{a|b|%x}-%Y%m%d%H%M%S", "00000001000000a8-20261103040506")]
    [TestCase("%v/%Y%m%d%H%M%S", "184467440737095516/20261103040506")]
    public void The_clock_time_is_read(string template, string path)
    {
        Assert.That(PathTemplate.Parse(template).Matches(path, out var fields, out var prefix), Is.True);
        Assert.That(fields.ClockTime, Is.EqualTo(Full));
        Assert.That(fields.Unit, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(prefix.ToString(), Is.Empty);
    }

    [Test]
    public void Seconds_may_be_missing()
    {
        Assert.That(PathTemplate.Parse("%Y%m%d%H%M").Matches("202611030405", out var fields, out _), Is.True);
        Assert.That(fields.ClockTime, Is.EqualTo(new DateTime(2026, 11, 3, 4, 5, 0)));
        Assert.That(fields.Unit, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase("5", 5_000_000)]
    [TestCase("05", 500_000)]
    [TestCase("123", 1_230_000)]
    [TestCase("000001", 10)]
    [TestCase("0000001", 1)]
    [TestCase("9999999", 9_999_999)]
    public void A_fraction_has_one_to_seven_digits(string digits, long ticks)
    {
        Assert.That(PathTemplate.Parse("%Y-%m-%d_%H-%M-%S-%f").Matches($"2026-11-03_04-05-06-{digits}", out var fields, out _), Is.True);
        Assert.That(fields.ClockTime, Is.EqualTo(Full.AddTicks(ticks)));
    }

    [TestCase("7", 70_000)]
    [TestCase("45", 450_000)]
    [TestCase("789", 7_890_000)]
    [TestCase("007", 70_000)]
    public void Milliseconds_are_a_number(string digits, long ticks)
    {
        Assert.That(PathTemplate.Parse("%Y%m%d%H%M%S_%L").Matches($"20261103040506_{digits}", out var fields, out _), Is.True);
        Assert.That(fields.ClockTime, Is.EqualTo(Full.AddTicks(ticks)));
    }

    [Test]
    public void Unix_milliseconds_are_read()
    {
        Assert.That(PathTemplate.Parse("{camera}_%Q").Matches("front_1793678706789", out var fields, out _), Is.True);
        Assert.That(fields.UnixSeconds, Is.EqualTo(1793678706));
        Assert.That(fields.FractionTicks, Is.EqualTo(7_890_000));
    }

    [Test]
    public void A_camera_met_before_costs_nothing()
    {
        var template = PathTemplate.Parse("%Y-%m-%d/%H/{camera}/%M.%S");
        Assert.That(template.Matches("2026-11-03/04/front_door/05.06", out var first, out _), Is.True);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            template.Matches("2026-11-03/04/front_door/05.06", out _, out _);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(template.Matches("2026-11-03/04/front_door/05.06", out var again, out _), Is.True);
        Assert.That(again.Camera, Is.SameAs(first.Camera));
    }

    [Test]
    public void A_name_made_to_be_tried_for_ever_is_given_up()
    {
        var template = PathTemplate.Parse("*-*-*-*-*-*-*-*-%Y%m%d%H%M%S");
        var clock = Stopwatch.StartNew();

        Assert.That(template.Matches(string.Concat(Enumerable.Repeat("-a", 2000)), out _, out _), Is.False);

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromMinutes(1)), "tried in every place it would outlast us");
    }

    [TestCase("999999999", 999999999)]
    [TestCase("1793678706", 1793678706)]
    [TestCase("17936787060", 17936787060)]
    public void Unix_seconds_have_nine_to_eleven_digits(string text, long seconds)
    {
        Assert.That(PathTemplate.Parse("{camera}/%s").Matches($"front/{text}", out var fields, out _), Is.True);
        Assert.That(fields.UnixSeconds, Is.EqualTo(seconds));
        Assert.That(fields.Camera, Is.EqualTo("front"));
    }

    [TestCase("+0800", 480)]
    [TestCase("-0330", -210)]
    [TestCase("+0000", 0)]
    [TestCase("+1400", 840)]
    [TestCase("-1400", -840)]
    public void An_offset_is_read(string text, int minutes)
    {
        Assert.That(PathTemplate.Parse("%Y-%m-%dT%H-%M-%S%z").Matches($"2026-11-03T04-05-06{text}", out var fields, out _), Is.True);
        Assert.That(fields.Offset, Is.EqualTo(TimeSpan.FromMinutes(minutes)));
    }

    [TestCase("+1401")]
    [TestCase("-1459")]
    [TestCase("+1500")]
    [TestCase("+0860")]
    [TestCase("+08")]
    [TestCase("0800")]
    [TestCase("+08:00")]
    [TestCase("+٠٨٠٠")]
    public void What_no_clock_is_ahead_by_is_no_offset(string text) =>
        Assert.That(PathTemplate.Parse("%Y-%m-%dT%H-%M-%S%z").Matches($"2026-11-03T04-05-06{text}", out _, out _), Is.False);

    [TestCase("{camera}_%Y%m%d_%H%M%S", "front_20261103_040506", "front")]
    [TestCase("{camera}_%Y%m%d_%H%M%S", "front_door_2_20261103_040506", "front_door_2")]
    [TestCase("{camera}_%Y%m%d_%H%M%S", "front_20250101_000000_20261103_040506", "front_20250101_000000")]
    [TestCase("{camera}_%Y%m%d_%H%M%S", "__20261103_040506", "_")]
    [TestCase("{camera}%Y%m%d%H%M%S", "cam120261103040506", "cam1")]
    [TestCase("%Y%m%d%H%M%S{camera}", "20261103040506cam", "cam")]
    [TestCase("ch-{camera}-*-%Y%m%d%H%M%S", "ch-1-main-sub-20261103040506", "1")]
    [TestCase("%Y%m%d/{camera}/%H%M%S", "20261103/前门 \"1\"\n/040506", "前门 \"1\"\n")]
    public void The_camera_is_what_stands_in_its_place(string template, string path, string camera)
    {
        Assert.That(PathTemplate.Parse(template).Matches(path, out var fields, out _), Is.True);
        Assert.That(fields.Camera, Is.EqualTo(camera));
        Assert.That(fields.ClockTime, Is.EqualTo(Full));
    }

    [TestCase("%Y-%m-%d/%H-%M-%S", "site/cam1/2026-11-03/04-05-06", "site/cam1")]
    [TestCase("%H-%M-%S_%Y-%m-%d", "cam1/04-05-06_2026-11-03", "cam1")]
    [TestCase("%Y-%m-%d/%H-%M-%S", "2026-11-03/04-05-06", "")]
    public void Folders_before_the_template_are_the_prefix(string template, string path, string expected)
    {
        Assert.That(PathTemplate.Parse(template).Matches(path, out _, out var prefix), Is.True);
        Assert.That(prefix.ToString(), Is.EqualTo(expected));
    }

    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-02-29_04-05-06", Description = "no such day")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-13-01_04-05-06", Description = "no such month")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "0000-01-01_04-05-06", Description = "no such year")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-00_04-05-06", Description = "no such day")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-03_24-00-00", Description = "no such hour")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-03_04-60-06", Description = "no such minute")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-03_04-05-60", Description = "no such second")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-03_04-05-06 copy", Description = "more behind it")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "x2026-11-03_04-05-06", Description = "more before it")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-3_04-05-06", Description = "a digit short")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "2026-11-+3_04-05-06", Description = "a sign is no digit")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "２０２６-11-03_04-05-06", Description = "digits of another script")]
    [TestCase("%Y-%m-%d_%H-%M-%S-%f", "2026-11-03_04-05-06-12345678", Description = "finer than a clock")]
    [TestCase("%Y-%m-%d/%H-%M-%S", "04-05-06", Description = "a folder is missing")]
    [TestCase("%Y-%m-%d/%H-%M-%S", "2026-11-03/x/04-05-06", Description = "a folder too many")]
    [TestCase("{camera}_%Y%m%d_%H%M%S", "_20261103_040506", Description = "no camera")]
    [TestCase("{camera}/%s", "front/12345678", Description = "before recorders")]
    [TestCase("{camera}/%s", "front/1793678706000", Description = "milliseconds")]
    [TestCase("%Y-%m-%d_%H-%M-%S", "", Description = "nothing")]
    public void What_does_not_fit_is_refused(string template, string path) =>
        Assert.That(PathTemplate.Parse(template).Matches(path, out _, out _), Is.False);

    [TestCase("%Y-%m-%d/%H/{camera}/%M.%S", "2026-11-03/04/front", "front", 4, 1.0)]
    [TestCase("%Y-%m-%d/%H/{camera}/%M.%S", "2026-11-03/04", null, 4, 1.0)]
    [TestCase("%Y-%m-%d/%H/{camera}/%M.%S", "2026-11-03", null, 0, 24.0)]
    public void The_beginning_of_a_template_fits_a_folder(string template, string folder, string? camera, int hour, double unitHours)
    {
        Assert.That(PathTemplate.Parse(template).MatchesFolder(folder.Split('/'), out var fields), Is.True);
        Assert.That(fields.Camera, Is.EqualTo(camera));
        Assert.That(fields.ClockTime, Is.EqualTo(new DateTime(2026, 11, 3, hour, 0, 0)));
        Assert.That(fields.Unit, Is.EqualTo(TimeSpan.FromHours(unitHours)));
    }

    [TestCase("2026-11-03/04/front/more")]
    [TestCase("clips")]
    [TestCase("2026-11-03/x")]
    public void Another_folder_does_not_fit(string folder) =>
        Assert.That(PathTemplate.Parse("%Y-%m-%d/%H/{camera}/%M.%S").MatchesFolder(folder.Split('/'), out _), Is.False);

    [TestCase("%Y-%m-%d_%H-%M-%q", "%q")]
    [TestCase("%Y-%m-%d_%H-%M-%", "'%'")]
    [TestCase("{camera}/recording", "tells no time")]
    [TestCase("%Y-%m-%d", "tells no time")]
    [TestCase("", "tells no time")]
    [TestCase("{Camera}/%Y%m%d%H%M%S", "{camera}")]
    [TestCase("{cam}/%Y%m%d%H%M%S", "{camera}")]
    [TestCase("{a|b/%Y%m%d%H%M%S", "{a|b")]
    [TestCase("{a|b}{a|b}{a|b}{a|b}{a|b}%Y%m%d%H%M%S", "ways")]
    [TestCase("*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-*-%Y%m%d%H%M%S", "pieces")]
    public void A_template_that_cannot_work_is_refused_with_the_reason(string template, string reason) =>
        Assert.That(() => PathTemplate.Parse(template), Throws.TypeOf<FormatException>().With.Message.Contains(reason));
}
