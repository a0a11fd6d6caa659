using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// A volume that stops answering, as one of a server that is down: the system call is entered and does not come back for a minute, each time. It is that recorder's
/// trouble, and nobody else's.
/// </summary>
[Platform("Linux")]
internal sealed class HungVolumeTests : IDisposable
{
    // Longer than anybody waits in here. Not for ever: a process does not end as long as its tracer holds one of its threads.
    const string Microseconds = "60000000";
    const string Memory = "/dev/shm";

    readonly TemporaryFolder _folder = new();
    readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    string? _elsewhere;

    public void Dispose()
    {
        _folder.Dispose();
        if (_elsewhere is not null)
            Directory.Delete(_elsewhere, recursive: true);
    }

    [TestCase("statfs")]
    [TestCase("openat")]
    public async Task The_other_recorders_are_looked_at_as_ever(string call)
    {
        var hung = Prepare(call);
        await using var agent = CaptiveProcess.Start("strace", Hanging(call, hung, "run"), folder: _folder.Path);
        await agent.UntilAsync("the hung one is named", async () => Of(await StatusAsync(), "recorders", "hung") is { } r && r.GetProperty("problems").ToString().Contains("VolumeStale", StringComparison.Ordinal));

        // It hangs again at every turn, and the other one is looked at all the same.
        for (var rounds = 0; rounds < 3; rounds++)
        {
            var before = LookedAt(await StatusAsync(), "good");
            await agent.UntilAsync("the other one is looked at again", async () => LookedAt(await StatusAsync(), "good") is { } at && !(at <= before));
        }

        var status = (await StatusAsync())!.Value;
        var cameras = status.GetProperty("cameras").EnumerateArray().ToDictionary(c => c.GetProperty("recorder").GetString()!);
        Assert.That(cameras["hung"].GetProperty("verdict").GetString(), Is.EqualTo("undetermined"));
        Assert.That(cameras["good"].GetProperty("verdict").GetString(), Is.EqualTo("met"));
        Assert.That(Of(status, "recorders", "good")!.Value.GetProperty("problems").GetArrayLength(), Is.Zero);
        Assert.That(status.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("standing").GetString()), Is.All.EqualTo("onTime"));
        Assert.That(Directory.GetDirectories($"/proc/{agent.Id}/task"), Has.Length.LessThan(80), "threads heap up");
        await agent.StopCleanlyAsync();
    }

    [Test]
    public async Task Check_goes_on_to_the_next_recorder_and_ends()
    {
        var hung = Prepare("openat");
        await using var check = CaptiveProcess.Start("strace", Hanging("openat", hung, "check", "--json"), folder: _folder.Path);
        var tree = CheckedTree.Of(await check.EndAsync());
        Assert.That(tree.ExitCode, Is.EqualTo(3));
        Assert.That(tree.Problems, Has.One.StartsWith("VolumeStale").And.One.Contains("has not moved for 5 s"));
        Assert.That(tree.Camera("good").GetProperty("verdict").GetString(), Is.EqualTo("met"));
        Assert.That(tree.Camera("hung").GetProperty("verdict").GetString(), Is.EqualTo("undetermined"));
        Assert.That(tree.Root.GetProperty("storage").EnumerateArray().Single(s => s.GetProperty("recorder").GetString() == "good").GetProperty("holdsDays").GetDouble(), Is.GreaterThan(1));
    }

    /// <summary>Two recorders, each with one camera of two days; the hung one where its volume is not the other's.</summary>
    /// <returns>The path at which it hangs: the whole volume when it is asked for its size, a single folder of many when something in it is opened.</returns>
    string Prepare(string call)
    {
        Programs.Require("strace");
        var good = Path.Combine(_folder.Path, "good");
        var hung = Path.Combine(_folder.Path, "hung");
        if (call == "statfs")
        {
            if (!Directory.Exists(Memory))
                Assert.Ignore($"{Memory} is needed as a second volume");
            hung = _elsewhere = Path.Combine(Memory, Path.GetFileName(_folder.Path));
        }

        SeededTree.Add(good, "good", _now, TimeSpan.FromDays(2));
        SeededTree.Add(hung, "hung", _now, TimeSpan.FromDays(2));
        _folder.Write("agent.json", new JsonObject
        {
            ["site"] = new JsonObject { ["id"] = "S1", ["timeZone"] = "UTC" },
            ["dataDirectory"] = Path.Combine(_folder.Path, "data"),
            ["policy"] = new JsonObject { ["requiredDays"] = 1 },
            ["rounds"] = new JsonObject { ["every"] = "00:00:10" },
            ["storage"] = new JsonObject { ["answersWithin"] = "00:00:03", ["hangsAfter"] = "00:00:05" },
            // The hung one comes first, so that who waits for it waits for all.
            ["recorders"] = new JsonArray(Recorder("hung", hung), Recorder("good", good)),
        }.ToJsonString());
        return call == "statfs" ? hung : Directory.GetDirectories(hung, "hung", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ElementAt(20);
    }

    static JsonObject Recorder(string id, string path) => new()
    {
        ["id"] = id,
        ["path"] = path,
        ["layout"] = "frigate",
        ["cameras"] = new JsonArray(new JsonObject { ["camera"] = id }),
    };

    IEnumerable<string> Hanging(string call, string path, string verb, params string[] more) =>
    [
        "-D", "-f", "-qq", "-o", Path.Combine(_folder.Path, "trace"), "-P", path, "-e", $"trace={call}", "-e", $"inject={call}:delay_enter={Microseconds}",
        Programs.Agent, verb, "--config", Path.Combine(_folder.Path, "agent.json"), .. more,
    ];

    async Task<JsonElement?> StatusAsync()
    {
        var ended = await Programs.RunAgentAsync("status", "--config", Path.Combine(_folder.Path, "agent.json"), "--json");
        return ended.Output.StartsWith('{') ? JsonDocument.Parse(ended.Output).RootElement : null;
    }

    static JsonElement? Of(JsonElement? status, string list, string recorder) =>
        status?.GetProperty(list).EnumerateArray().Cast<JsonElement?>().SingleOrDefault(r => r!.Value.GetProperty("recorder").GetString() == recorder);

    static DateTimeOffset? LookedAt(JsonElement? status, string recorder) =>
        Of(status, "recorders", recorder) is { } r && r.GetProperty("lookedAt").ValueKind == JsonValueKind.String ? r.GetProperty("lookedAt").GetDateTimeOffset() : null;
}
