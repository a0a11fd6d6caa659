using System.Text.Json;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>An officer assigns days to a camera and wants evidence more often: the agent hears it in its receipts and does it.</summary>
internal sealed class AssigningTests : IDisposable
{
    // Days that nobody else in this test speaks of.
    const int Days = 12;

    readonly TestSite _site = new();

    public void Dispose() => _site.Dispose();

    [Test]
    public async Task Assigned_days_bind_the_camera_in_the_ledger_in_heartbeats_and_in_status_and_after_a_restart()
    {
        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(_site.Server, tickEvery: "00:00:10");
        await using (var agent = _site.StartAgent())
        {
            await _site.PinAsync(agent);
            await server.UntilAsync("a heartbeat with both cameras is known", async () => await _site.KnownToServerAsync() is not null && (await ToldAsync()).Count == 2);
            var code = await CodeAsync(TestSite.WholeCamera);
            Assert.That((await ToldAsync())[code], Is.EqualTo((7, "declared")));

            var assigned = await _site.OfficeAsync("assign", "--site", TestSite.Id, "--camera", code, "--days", $"{Days}");
            Assert.That((assigned.ExitCode, assigned.Errors), Is.EqualTo((0, "")));

            await server.UntilAsync("the agent follows", async () => (await ToldAsync())[code] == (Days, "signed"));
            Assert.That((await ToldAsync()).Where(told => told.Key != code).Select(told => told.Value), Is.EqualTo(new[] { (7, "declared") }));
            Assert.That((await _site.ExportAsync()).Any(entry => entry.Contains($"\"camera\":\"{code}\",\"requiredDays\":{Days},\"assignment\":\"signed\"", StringComparison.Ordinal)), Is.True);
            Assert.That(await StatusOfAsync(code), Is.EqualTo((Days, "signed")));
            await agent.StopCleanlyAsync();
        }

        var before = (await _site.ExportAsync()).Count;
        await using var again = _site.StartAgent();
        await again.UntilAsync("it states again", async () => (await _site.ExportAsync()).Skip(before).Any(entry => TestSite.TypeOf(entry) == "heartbeat"));
        var newest = (await _site.ExportAsync()).Last(entry => TestSite.TypeOf(entry) == "heartbeat");
        Assert.That(newest, Does.Contain($"\"requiredDays\":{Days},\"assignment\":\"signed\""));
        await again.StopCleanlyAsync();
    }

    [Test]
    public async Task Heartbeats_come_when_the_server_wants_them()
    {
        await using var server = await _site.StartServerAsync("--heartbeat", "1");
        await _site.CarryServerKeysAsync();
        // By itself it would make one an hour.
        _site.Configure(_site.Server, tickEvery: "00:00:10", heartbeatEvery: "01:00:00");
        await using var agent = _site.StartAgent();
        await _site.PinAsync(agent);
        await agent.UntilAsync("the first receipt for a heartbeat came", () => _site.HasAsync("receipt"));
        var first = await HeartbeatsAsync();

        await agent.UntilAsync("another heartbeat was made", async () => await HeartbeatsAsync() > first);
        await agent.StopCleanlyAsync();
    }

    async Task<int> HeartbeatsAsync() => (await _site.ExportAsync()).Count(entry => TestSite.TypeOf(entry) == "heartbeat");

    // What the newest heartbeat that the server holds says of each camera.
    async Task<Dictionary<string, (int Days, string Assignment)>> ToldAsync()
    {
        var newest = (await _site.HistoryAsync()).GetProperty("statements").EnumerateArray().FirstOrDefault(s => s.GetProperty("kind").GetString() == "heartbeat");
        return newest.ValueKind == JsonValueKind.Undefined ? [] : newest.GetProperty("statement").GetProperty("cameras").EnumerateArray().ToDictionary(
            c => c.GetProperty("camera").GetString()!, c => (c.GetProperty("policy").GetProperty("requiredDays").GetInt32(), c.GetProperty("policy").GetProperty("assignment").GetString()!));
    }

    async Task<string> CodeAsync(string camera) => (await CamerasAsync()).First(c => c.GetProperty("camera").GetString() == camera).GetProperty("code").GetString()!;

    async Task<(int, string)> StatusOfAsync(string code)
    {
        var camera = (await CamerasAsync()).First(c => c.GetProperty("code").GetString() == code);
        return (camera.GetProperty("requiredDays").GetInt32(), camera.GetProperty("assignment").GetString()!);
    }

    async Task<IReadOnlyList<JsonElement>> CamerasAsync() =>
        [.. JsonDocument.Parse((await Programs.RunAgentAsync("status", "--config", _site.Configuration, "--json")).Output).RootElement.GetProperty("cameras").EnumerateArray()];
}
