using Agent.Probing.Files;
using Agent.Probing.Files.Layouts;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Layouts;

internal sealed class KnownLayoutsTests
{
    static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    // A name that one recorder's clock alone could not have written.
    static readonly DateTimeOffset First = new(2026, 11, 3, 4, 5, 6, 789, TimeSpan.Zero);

    static IEnumerable<string> Written => WrittenNames.Of.Keys;

    [Test]
    public void Every_known_layout_has_names_to_be_recognised_by() =>
        Assert.That(KnownLayouts.All.Where(l => l.Index is null).Select(l => l.Name), Is.EquivalentTo(Written));

    [TestCaseSource(nameof(Written))]
    public void Every_known_layout_is_recognised_in_what_its_recorder_writes(string name) =>
        Assert.That(KnownLayouts.Recognise(Files([.. Paths(name).Select(p => p.Path)]))?.Name, Is.EqualTo(name));

    [TestCaseSource(nameof(Written))]
    public void Every_name_is_read_back_as_camera_and_time(string name)
    {
        var layout = Layout.Named(name);
        foreach (var (path, instant) in Paths(name))
        {
            Assert.That(layout.TryPlace(Path.ChangeExtension(path, null), "root", Shanghai, out var camera, out var start), Is.True, path);
            Assert.That(camera, Is.EqualTo("Gate_2"), path);
            var begin = start.Resolve(instant.AddMinutes(5), TimeSpan.FromMinutes(5));
            Assert.That(begin, Is.InRange(instant.AddSeconds(-1), instant), path);
        }
    }

    [Test]
    public void What_a_layout_is_proven_by_is_said_of_each() => Assert.That(KnownLayouts.All.Where(l => !l.Proven).Select(l => l.Name),
        Is.EquivalentTo(new[] { "hikvision", "dahua", "blueiris", "agentdvr", "synology", "unifi", "viseron", "kerberos", "moonfire" }));

    [TestCase("hikvision", "datadir0/hiv00000.mp4", "datadir0/hiv00001.mp4", "datadir0/index00.bin", "datadir0/index01.bin", "info.bin")]
    [TestCase("hikvision", "card/datadir12/hiv00000.mp4", "card/datadir12/index00.bin", "card/info.bin", "card/datadir12/hiv00000.pic")]
    [TestCase("synology", "Gate/20261103AM/Gate20261103-040506-1793678706.mp4", "Gate/20261103PM/Gate20261103-140506-1793714706.mp4", "Gate/@SSRECMETA/RecLog/1793664000")]
    [TestCase("moonfire", "sample/0000000100000007", "sample/00000001000000a8", "sample/meta", "db/db", "db/db-wal")]
    public void Recorders_with_an_index_are_recognised_and_nothing_of_theirs_is_placed_by_its_name(string name, params string[] paths)
    {
        var layout = KnownLayouts.Recognise(Files(paths));

        Assert.That(layout?.Name, Is.EqualTo(name));
        var indexes = paths.Where(p => layout!.Index!.Is(p)).ToList();
        Assert.That(indexes, Has.Count.EqualTo(1), "the copy of an index is none");
        Assert.That(paths.Except(indexes).Where(p => !layout!.IsBeside(p)), Is.Empty);
        Assert.That(paths.Where(p => layout!.TryPlace(p, "root", Shanghai, out _, out _)), Is.Empty);
    }

    [TestCase("hikvision", "index00.bin")]
    [TestCase("hikvision", "datadir0/index00p.bin")]
    [TestCase("synology", "Gate/RecLog/1793664000")]
    [TestCase("synology", "Gate/@SSRECMETA/RecLog/1793664000.bak")]
    [TestCase("synology", "/@SSRECMETA/RecLog/12")]
    [TestCase("moonfire", "db")]
    [TestCase("moonfire", "xdb/db-journal")]
    public void Another_file_is_no_index(string name, string path) => Assert.That(Layout.Named(name).Index!.Is(path), Is.False);

    [TestCase("viseron", "segments/Gate/init.mp4", true)]
    [TestCase("viseron", "segments/Gate/1793678706.m4s", false)]
    [TestCase("unifi", "video/2026/11/03/ABC_0_timelapse_1793678706000.ubv", true)]
    [TestCase("unifi", "video/2026/11/03/ABC_2_rotating_1793678706000.ubv", true)]
    [TestCase("unifi", "video/2026/11/03/ABC_0_rotating_1793678706000.ubv", false)]
    [TestCase("frigate", "2026-11-03/04/Gate/05.06.mp4", false)]
    public void Files_beside_the_footage_are_known(string name, string path, bool beside) => Assert.That(Layout.Named(name).IsBeside(path), Is.EqualTo(beside));

    [TestCase("zoneminder-deep", "7/26/11/03/04/05/06/incomplete")]
    [TestCase("zoneminder-medium", "7/2026-11-03/812/incomplete")]
    [TestCase("zoneminder-shallow", "7/812/incomplete")]
    [TestCase("kerberos", "1793678706_1-7_7_0-0-0-0_0_0")]
    [TestCase("dahua", "2026-11-03/7/dav/04/04.05.06-[R][0@0][0]")]
    public void A_file_at_work_has_its_camera_too(string name, string path)
    {
        Assert.That(Layout.Named(name).TryPlace(path, "root", Shanghai, out var camera, out _), Is.True);
        Assert.That(camera, Is.EqualTo("7"));
    }

    [Test]
    public void Channels_of_two_devices_are_two_cameras()
    {
        var layout = Layout.Named("dahua");

        Assert.That(layout.TryPlace("AMC1/2026-11-03/001/dav/04/04.05.06-04.06.00[M][0@0][0]", "root", Shanghai, out var one, out _), Is.True);
        Assert.That(layout.TryPlace("ftp/AMC2/2026-11-03/001/dav/04/04.05.06-04.06.00[M][0@0][0]", "root", Shanghai, out var two, out _), Is.True);

        Assert.That(new[] { one, two }, Is.EqualTo(new[] { "AMC1/001", "ftp/AMC2/001" }));
    }

    [Test]
    public void An_event_known_by_its_day_begins_so_long_before_it_was_written_as_it_is_long()
    {
        Assert.That(Layout.Named("zoneminder-medium").TryPlace("7/2026-11-03/812/812-video", "root", Shanghai, out _, out var start), Is.True);

        Assert.That(start.ByEnd, Is.True);
        Assert.That(start.Earliest, Is.EqualTo(new DateTimeOffset(2026, 11, 3, 0, 0, 0, TimeSpan.FromHours(8))));
        Assert.That(start.Resolve(new(2026, 11, 3, 12, 10, 0, TimeSpan.FromHours(8)), TimeSpan.FromMinutes(10)), Is.EqualTo(new DateTimeOffset(2026, 11, 3, 12, 0, 0, TimeSpan.FromHours(8))));
        Assert.That(start.Resolve(new(2026, 11, 4, 0, 9, 0, TimeSpan.FromHours(8)), TimeSpan.FromMinutes(10)), Is.EqualTo(new DateTimeOffset(2026, 11, 3, 23, 59, 0, TimeSpan.FromHours(8))));
        Assert.That(start.Resolve(new(2026, 11, 9, 0, 9, 0, TimeSpan.FromHours(8)), TimeSpan.FromMinutes(10)), Is.Null, "it was copied, or restored");
    }

    [Test]
    public void The_layout_of_most_files_wins()
    {
        string[] paths = ["a/2026-11-03_04-05-06.mp4", "a/2026-11-03_04-05-16.mp4", "a/20261103_040506.mp4", "a/export.mp4", "a/thumb.mp4"];

        Assert.That(KnownLayouts.Recognise(Files(paths[..4]))?.Name, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
        Assert.That(KnownLayouts.Recognise(Files(paths)), Is.Null, "it explains less than half");
    }

    [Test]
    public void Of_equals_the_first_known_wins()
    {
        string[] paths = ["a/20261103_040506.mp4", "a/2026-11-03_04-05-06.mp4"];

        Assert.That(KnownLayouts.Recognise(Files(paths))?.Name, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
    }

    [Test]
    public void Files_without_an_extension_do_not_outvote_footage()
    {
        string[] paths = ["a/20261103_040506.mp4", "README", "LICENSE", "x/core", "x/info.bin"];

        Assert.That(KnownLayouts.Recognise(Files(paths))?.Name, Is.EqualTo("%Y%m%d_%H%M%S"));
    }

    [Test]
    public void Names_that_tell_no_time_are_not_recognised() => Assert.That(KnownLayouts.Recognise(Files("a/holiday.mp4", "b/2026.mp4")), Is.Null);

    [Test]
    public void Nothing_is_not_recognised() => Assert.That(KnownLayouts.Recognise([]), Is.Null);

    [Test]
    public void What_was_seen_is_told_with_how_to_write_a_template()
    {
        var told = UnrecognisedTree.Tell(Files("front/holiday\n1.mp4", "front/a.mp4", "front/b.mkv", "front/zoo.mp4", "README"));

        Assert.That(told, Does.Contain("3 .mp4, 1 .mkv"));
        Assert.That(told, Does.Contain("front/holiday\\u000a1.mp4, front/a.mp4, front/zoo.mp4"));
        Assert.That(told, Does.Contain("{camera}").And.Contain("%Y").And.Contain("--layout"));
    }

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

    static IReadOnlyCollection<FootageFile> Files(params string[] paths) => [.. paths.Select(p => new FootageFile($"/r/{p}", p))];

    static IEnumerable<(string Path, DateTimeOffset Instant)> Paths(string name) => Enumerable.Range(1, 100)
        .Select(i => First.AddMinutes(7 * i)).Select((instant, i) => (WrittenNames.Of[name]("Gate_2", TimeZoneInfo.ConvertTime(instant, Shanghai).DateTime, instant, i), instant));
}
