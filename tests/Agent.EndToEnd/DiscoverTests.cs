using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary><c>discover</c> as a person uses it: what it prints is a configuration the agent takes.</summary>
internal sealed class DiscoverTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Test]
    public async Task What_discover_prints_can_be_pasted_and_checked_with()
    {
        SyntheticFootage.Require();
        var recordings = Directory.CreateDirectory(Path.Combine(_folder.Path, "my recordings")).FullName;
        SeededTree.Add(recordings, "front \"door\"", TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(6));
        var before = Snapshot.Of(recordings);

        var discovered = await Programs.RunAgentAsync("discover", recordings);
        var configuration = _folder.Write("agent.json", discovered.Output[discovered.Output.IndexOf("\n{", StringComparison.Ordinal)..]);
        var validated = await Programs.RunAgentAsync("config", "validate", "--config", configuration);
        var check = CheckedTree.Of(await Programs.RunAgentAsync("check", "--config", configuration, "--json"));

        Assert.That(discovered.ExitCode, Is.Zero, discovered.Errors);
        Assert.That(discovered.Output, Does.StartWith("layout     frigate").And.Contain("front \"door\": 12 files"));
        Assert.That(validated.ExitCode, Is.Zero, validated.Errors);
        Assert.That(check.Cameras, Is.EqualTo(["front \"door\""]));
        Assert.That(check.Camera("front \"door\"").GetProperty("recorder").GetString(), Is.EqualTo("my-recordings"));
        Assert.That(Snapshot.Of(recordings), Is.EqualTo(before));
    }

    [Test]
    public async Task A_tree_nothing_explains_is_told_with_what_was_seen_by_both_verbs()
    {
        SyntheticFootage.Require();
        File.Copy(SeededTree.Clip(), Path.Combine(_folder.Path, "holiday.mp4"));

        var discovered = await Programs.RunAgentAsync("discover", _folder.Path);
        var check = await CheckedTree.OfAsync(_folder.Path);

        Assert.That(discovered.ExitCode, Is.EqualTo(1));
        Assert.That(discovered.Output, Is.Empty);
        Assert.That(discovered.Errors, Does.Contain("holiday.mp4").And.Contain("{camera}"));
        Assert.That(check.ExitCode, Is.EqualTo(3));
        Assert.That(check.Problems, Has.One.StartsWith("UnrecognisedLayout").And.One.Contains("1 .mp4"));
    }

    [Test]
    public async Task Names_of_Shanghai_on_a_machine_of_UTC_have_the_right_ages_without_being_told()
    {
        SyntheticFootage.Require();
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        foreach (var camera in (string[])["front", "yard"])
            for (var before = TimeSpan.FromHours(20); before > TimeSpan.Zero; before -= TimeSpan.FromMinutes(30))
            {
                var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, camera)).FullName, $"{(now - before).ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd_HH-mm-ss}.mp4");
                File.Copy(SeededTree.Clip(), path);
                File.SetLastWriteTimeUtc(path, (now - before).UtcDateTime.AddMinutes(30));
            }

        var there = new Dictionary<string, string?> { ["TZ"] = "UTC" };
        await using var told = CaptiveProcess.Start(Programs.Agent, ["check", _folder.Path], there);
        await using var asked = CaptiveProcess.Start(Programs.Agent, ["check", _folder.Path, "--json"], there);
        await using var said = CaptiveProcess.Start(Programs.Agent, ["check", _folder.Path, "--json", "--time-zone", "UTC"], there);
        var (inferred, stated) = (CheckedTree.Of(await asked.EndAsync()), CheckedTree.Of(await said.EndAsync()));

        Assert.That(inferred.Camera("front").GetProperty("reachSeconds").GetDouble(), Is.EqualTo(20 * 3600).Within(60));
        Assert.That(inferred.Camera("front").GetProperty("continuousAgeSeconds").GetDouble(), Is.EqualTo(20 * 3600).Within(60));
        Assert.That(inferred.Camera("front").GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()), Does.Contain("ZoneInferred"));
        Assert.That((await told.EndAsync()).Output, Does.Contain("ZoneInferred: ").And.Contain("UTC offset +08:00"));
        Assert.That(stated.Camera("front").GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()), Does.Contain("ZoneContradicted"), "what a person says is not overridden");
        Assert.That(stated.Newest("front"), Is.Null);
    }

    [Test]
    public async Task A_folder_that_is_none_and_no_folder_at_all_are_told()
    {
        Assert.That((await Programs.RunAgentAsync("discover", Path.Combine(_folder.Path, "nowhere"))).ExitCode, Is.EqualTo(1));
        Assert.That((await Programs.RunAgentAsync("discover", "--ask", "nobody")).ExitCode, Is.EqualTo(64));
        Assert.That((await Programs.RunAgentAsync("discover", _folder.Path, "--ask", "127.0.0.1")).ExitCode, Is.EqualTo(64));
    }

    public void Dispose() => _folder.Dispose();
}
