using System.Globalization;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

internal sealed class KnownLayoutsTests
{
    static IEnumerable<string> Names => KnownLayouts.All.Select(l => l.Name);

    [TestCaseSource(nameof(Names))]
    public void Every_known_layout_is_recognised_in_what_it_describes(string name)
    {
        var layout = Layout.Named(name);
        var paths = Enumerable.Range(0, 100).Select(i => Written(layout, new DateTime(2026, 11, 3, 4, 5, 6).AddMinutes(7 * i))).ToList();

        Assert.That(KnownLayouts.Recognise(paths)?.Name, Is.EqualTo(name));
    }

    [Test]
    public void The_layout_of_most_files_wins()
    {
        string[] paths = ["a/2026-11-03_04-05-06", "a/2026-11-03_04-05-16", "a/20261103_040506", "a/export", "a/thumb"];

        Assert.That(KnownLayouts.Recognise(paths[..4])?.Name, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
        Assert.That(KnownLayouts.Recognise(paths), Is.Null, "it explains less than half");
    }

    [Test]
    public void Of_equals_the_first_known_wins()
    {
        string[] paths = ["a/20261103_040506", "a/2026-11-03_04-05-06"];

        Assert.That(KnownLayouts.Recognise(paths)?.Name, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
    }

    [Test]
    public void Names_that_tell_no_time_are_not_recognised() => Assert.That(KnownLayouts.Recognise(["a/holiday", "b/2026"]), Is.Null);

    [Test]
    public void Nothing_is_not_recognised() => Assert.That(KnownLayouts.Recognise([]), Is.Null);

    [Test]
    public void Frigate_writes_utc_whatever_the_zone_of_the_recorder()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

        Assert.That(Layout.Named("Frigate").TryPlace("2026-11-03/04/front_door/05.06", "recordings", zone, out var camera, out var start), Is.True);

        Assert.That(camera, Is.EqualTo("front_door"));
        Assert.That(start, Is.EqualTo(new StartTime(new(2026, 11, 3, 4, 5, 6, TimeSpan.Zero), new(2026, 11, 3, 4, 5, 6, TimeSpan.Zero))));
    }

    [Test]
    public void Other_layouts_are_in_the_zone_of_the_recorder()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

        Assert.That(Layout.Named("%Y-%m-%d_%H-%M-%S").TryPlace("front/2026-11-03_04-05-06", "recordings", zone, out var camera, out var start), Is.True);

        Assert.That(camera, Is.EqualTo("front"));
        Assert.That(start.Earliest, Is.EqualTo(new DateTimeOffset(2026, 11, 2, 20, 5, 6, TimeSpan.Zero)));
    }

    [Test]
    public void A_camera_without_a_folder_is_named_like_the_recorders_folder()
    {
        Assert.That(Layout.Named("%Y-%m-%d_%H-%M-%S").TryPlace("2026-11-03_04-05-06", "recordings", TimeZoneInfo.Utc, out var camera, out _), Is.True);
        Assert.That(camera, Is.EqualTo("recordings"));
    }

    [Test]
    public void A_template_is_a_layout_and_another_name_is_refused()
    {
        Assert.That(Layout.Named("{camera}/%s").Template.HasCamera, Is.True);
        Assert.That(() => Layout.Named("frigatte"), Throws.TypeOf<FormatException>().With.Message.Contains("frigate"));
    }

    static string Written(Layout layout, DateTime time)
    {
        var path = layout.Template.Text.Replace("{camera}", "front_door", StringComparison.Ordinal).Replace("%v", "12", StringComparison.Ordinal);
        foreach (var (token, format) in new[] { ("%Y", "yyyy"), ("%m", "MM"), ("%d", "dd"), ("%H", "HH"), ("%M", "mm"), ("%S", "ss"), ("%f", "ffffff") })
            path = path.Replace(token, time.ToString(format, CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return layout.Template.HasCamera ? path : $"front/{path}";
    }
}
