using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Tests;
using FakeRecorder;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>A recorder that is only on the network, as a person meets it: found, configured, measured.</summary>
internal sealed class NetworkRecorderTests : IDisposable
{
    const string Password = "correct-horse-battery";

    readonly TemporaryFolder _folder = new();
    readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task It_is_found_and_what_is_printed_measures_it_once_its_login_is_added()
    {
        await using var fake = await StartAsync(Personality.Hikvision);

        var discovered = await Programs.RunAgentAsync("discover", "--ask", fake.Discovery!.ToString());
        var configuration = JsonNode.Parse(discovered.Output[discovered.Output.IndexOf("\n{", StringComparison.Ordinal)..])!;
        configuration["dataDirectory"] = Path.Combine(_folder.Path, "data");
        var printed = _folder.Write("printed.json", configuration.ToJsonString());
        configuration["recorders"]![0]!["username"] = "agent";
        configuration["recorders"]![0]!["password"] = $"plain:{Password}";
        var file = _folder.Write("agent.json", configuration.ToJsonString());

        var validated = await Programs.RunAgentAsync("config", "validate", "--config", printed);
        var without = CheckedTree.Of(await Programs.RunAgentAsync("check", "--config", printed, "--json"));
        var check = CheckedTree.Of(await Programs.RunAgentAsync("check", "--config", file, "--json"));

        Assert.That(discovered.ExitCode, Is.Zero, discovered.Errors);
        Assert.That(discovered.Output, Does.Contain("127.0.0.1").And.Contain("its clock is 1 min 3").And.Contain("can be asked what it has recorded"));
        Assert.That(validated.ExitCode, Is.Zero, validated.Errors);
        Assert.That(without.Problems, Has.One.StartsWith("LoginRefused"));
        Assert.That((without.ExitCode, without.Verdict), Is.EqualTo((3, "undetermined")));
        Assert.That(check.Cameras, Is.EqualTo(new[] { "door" }));
        Assert.That(check.Camera("door").GetProperty("basis").GetString(), Is.EqualTo("listed"));
        Assert.That(check.Camera("door").GetProperty("layout").GetString(), Is.EqualTo("onvif"));
        Assert.That(check.Oldest("door"), Is.EqualTo(_now.AddDays(-20)).Within(TimeSpan.FromSeconds(2)));
        Assert.That(check.Holes("door").Single().From, Is.EqualTo(_now.AddDays(-5)).Within(TimeSpan.FromSeconds(2)));
        Assert.That(check.Holes("door").Single().To, Is.EqualTo(_now.AddDays(-5).AddHours(4)).Within(TimeSpan.FromSeconds(2)));
        Assert.That(check.Camera("door").GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString()), Does.Contain("RecorderClockWrong"));
        Assert.That(check.Verdict, Is.EqualTo("breached"), "a hole of four hours, which the recorder itself lists");
        foreach (var ended in (EndedProcess[])[discovered, validated, without.Ended, check.Ended])
            Assert.That(ended.Output + ended.Errors, Does.Not.Contain(Password));
    }

    [Test]
    public async Task What_hangs_is_given_up_and_named_and_what_follows_it_is_measured()
    {
        await using var stalled = await StartAsync(Personality.Plain, Fault.Stall);
        await using var sound = await StartAsync(Personality.Plain);
        var file = _folder.Write("agent.json", JsonSerializer.Serialize(new
        {
            site = new { id = "HZ-0001" },
            dataDirectory = Path.Combine(_folder.Path, "data"),
            onvif = new { answersWithin = "00:00:02" },
            recorders = new[] { Recorder("a", stalled), Recorder("b", sound) },
        }));

        var check = CheckedTree.Of(await Programs.RunAgentAsync("check", "--config", file, "--json"));

        Assert.That(check.Problems, Is.EqualTo(new[] { "RecorderTimedOut : no answer within 2 s" }));
        Assert.That(check.Cameras, Is.EqualTo(new[] { "door" }));
    }

    static object Recorder(string id, RunningRecorder fake) => new { id, address = fake.Address.AbsoluteUri, username = "agent", password = $"plain:{Password}" };

    Task<RunningRecorder> StartAsync(Personality personality, Fault? fault = null) => RunningRecorder.StartAsync(new RecorderScript
    {
        Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = [(_now.AddDays(-20), _now.AddDays(-5)), (_now.AddDays(-5).AddHours(4), _now.AddDays(1))] },
        Personality = personality,
        Fault = fault,
        ClockOffset = TimeSpan.FromSeconds(95),
        Login = new RecorderLogin("agent", Password),
        DiscoveryPort = 0,
    });
}
