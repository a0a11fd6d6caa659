using Agent.Cli;
using Agent.Hosting;
using Agent.Probing.Files.Layouts;
using Agent.Tests.Probing.Files;
using NUnit.Framework;

namespace Agent.Tests.Cli;

internal sealed class DiscoverTextTests : IDisposable
{
    readonly FootageTree _tree = new();
    readonly StringWriter _output = new();
    readonly StringWriter _errors = new();

    [Test]
    public void Layout_cameras_and_zone_are_told_and_the_configuration_is_valid()
    {
        for (var hour = 0; hour < 9; hour++)
            foreach (var camera in new[] { "front", "大门 \"1\"" })
                _tree.Put($"{camera}/2026-11-23_0{hour}-00-00.mp4", FootageTree.Whole, FootageTree.At($"0{hour}:00:11").AddHours(-8));

        Assert.That(Discover(believed: "UTC"), Is.True);

        Assert.That(_errors.ToString(), Is.Empty);
        Assert.That(_output.ToString(), Does.Contain("layout     %Y-%m-%d_%H-%M-%S").And.Contain("explains 18 of 18 files"));
        Assert.That(_output.ToString(), Does.Contain("camera     front: 9 files").And.Contain("camera     大门 \"1\": 9 files"));
        Assert.That(_output.ToString(), Does.Contain("ZoneContradicted: the files do not fit UTC"));
        Assert.That(_output.ToString(), Does.Contain("18 of 18 files ended when their names' clock was 8:00 ahead of UTC"));
        var recorder = Configured().Recorders.Single();
        Assert.That(recorder.Zone.BaseUtcOffset, Is.EqualTo(TimeSpan.FromHours(8)));
        Assert.That(recorder.Path, Is.EqualTo(_tree.Root));
        Assert.That(recorder.Layout, Is.EqualTo("%Y-%m-%d_%H-%M-%S"));
        Assert.That(recorder.Cameras.Keys, Is.EquivalentTo(new[] { "front", "大门 \"1\"" }));
    }

    [Test]
    public void The_stated_zone_is_kept_where_it_explains_the_files()
    {
        for (var hour = 0; hour < 9; hour++)
            _tree.Put($"front/2026-11-23_0{hour}-00-00.mp4", FootageTree.Whole, FootageTree.At($"0{hour}:00:11").AddHours(-8));

        Assert.That(Discover(believed: "Asia/Shanghai"), Is.True);

        Assert.That(_output.ToString(), Does.Contain("time zone  Asia/Shanghai: 9 of 9").And.Not.Contain("ZoneContradicted"));
        Assert.That(Configured().Zone.Id, Is.EqualTo("Asia/Shanghai"));
    }

    [Test]
    public void Files_that_were_copied_leave_the_zone_open()
    {
        for (var hour = 0; hour < 9; hour++)
            _tree.Put($"front/2026-11-23_0{hour}-00-00.mp4", FootageTree.Whole, FootageTree.At("09:41:17"));

        Assert.That(Discover(believed: "Asia/Shanghai"), Is.True);

        Assert.That(_output.ToString(), Does.Contain("time zone  Asia/Shanghai, as stated, and not confirmed"));
    }

    [Test]
    public void Names_in_utc_need_no_zone_and_an_unproven_layout_says_so()
    {
        _tree.Put("2026-11-23/08/front/00.00.mp4", FootageTree.Whole);
        Assert.That(Discover(), Is.True);
        Assert.That(_output.ToString(), Does.Contain("layout     frigate").And.Contain(", proven").And.Contain("names need none"));
        Assert.That(Configured().Recorders.Single().Layout, Is.EqualTo("frigate"));

        _tree.Put("2026-11-23/001/dav/08/08.00.00-08.10.00[R][0@0][0].dav", FootageTree.Whole);
        _tree.Put("2026-11-23/001/dav/09/09.00.00-09.10.00[R][0@0][0].dav", FootageTree.Whole);
        Assert.That(Discover(), Is.True);
        Assert.That(_output.ToString(), Does.Contain("layout     dahua").And.Contain("unproven"));
    }

    [Test]
    public void Names_that_should_be_utc_and_are_not_are_told()
    {
        for (var hour = 0; hour < 9; hour++)
            _tree.Put($"2026-11-23/0{hour}/front/00.00.mp4", FootageTree.Whole, FootageTree.At($"0{hour}:00:11").AddHours(-8));

        Assert.That(Discover(), Is.True);

        Assert.That(_output.ToString(), Does.Contain("ZoneContradicted: names of frigate are UTC, and 9 of 9"));
    }

    [Test]
    public void A_recorder_with_an_index_is_told_and_can_be_configured()
    {
        _tree.PutBytes("datadir0/hiv00000.mp4", "x");
        _tree.PutBytes("datadir0/index00.bin", "x");

        Assert.That(Discover(), Is.True);

        Assert.That(_output.ToString(), Does.Contain("layout     hikvision").And.Contain("own index"));
        Assert.That(Configured().Recorders.Single().Cameras, Is.Empty);
    }

    [Test]
    public void A_tree_nothing_explains_is_told_with_what_was_seen()
    {
        _tree.PutBytes("front/holiday.mp4", "x");

        Assert.That(Discover(), Is.False);

        Assert.That(_output.ToString(), Is.Empty);
        Assert.That(_errors.ToString(), Does.StartWith("UnrecognisedLayout").And.Contain("front/holiday.mp4").And.Contain("1 .mp4").And.Contain("{camera}"));
    }

    [Test]
    public void An_empty_folder_is_told()
    {
        Assert.That(Discover(), Is.False);
        Assert.That(_errors.ToString(), Does.Contain("holds no video files"));
    }

    public void Dispose()
    {
        _tree.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    bool Discover(string? believed = null) => new DiscoverText(_output, _errors)
        .Write(DiscoveredTree.Of(_tree.Root, null, CancellationToken.None), believed is null ? null : TimeZoneInfo.FindSystemTimeZoneById(believed));

    /// <summary>What stands at the end of the output, read as the agent reads its configuration.</summary>
    AgentConfiguration Configured()
    {
        using var folder = new TemporaryFolder();
        var text = _output.ToString();
        return AgentConfiguration.Read(folder.Write("agent.json", text[text.IndexOf("\n{", StringComparison.Ordinal)..]));
    }
}
