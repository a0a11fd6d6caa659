using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Tests;

namespace Agent.EndToEnd;

/// <summary>
/// A site and its audit server in a folder of their own: seeded recordings, the agent's configuration and data, the server's data, and
/// an empty home and temporary folder, so that what either program writes where it should not is seen.
/// </summary>
internal sealed class TestSite : IDisposable
{
    public const string Id = "HZ-0001";
    public const string WholeCamera = "前门";
    public const string HoleyCamera = "back_yard";

    static readonly TimeSpan Age = TimeSpan.FromDays(8);
    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    readonly TemporaryFolder _folder = new();
    readonly int _port = Programs.FreePort();

    /// <param name="age">How far back the recordings go; eight days when null. Less footage makes quicker rounds.</param>
    public TestSite(TimeSpan? age = null)
    {
        foreach (var folder in new[] { Recordings, InFolder("home"), InFolder("tmp"), InFolder("elsewhere") })
            Directory.CreateDirectory(folder);
        var now = TimeProvider.System.GetUtcNow();
        SeededTree.Add(Recordings, WholeCamera, now, age ?? Age);
        // Four hours of two days ago.
        SeededTree.Add(Recordings, HoleyCamera, now, age ?? Age, before => before.TotalHours is > 48 and <= 52);
    }

    public string Folder => _folder.Path;

    public string Recordings => InFolder("recordings");

    public string Data => InFolder("data");

    public string Configuration => InFolder("agent.json");

    public string PinFile => Path.Combine(Data, "agent.jwk.json");

    public string ServerKeys => InFolder("server.jwks.json");

    public Uri Server => new($"http://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>All but what the two programs are told to write, and the temporary folder, where a running program keeps sockets.</summary>
    public IReadOnlyList<string> WhatMustStay() => Snapshot.Of(Folder, "data", "server", "tmp");

    /// <summary>What is in the temporary folder.</summary>
    public IReadOnlyList<string> LeftBehind() => Directory.GetFileSystemEntries(InFolder("tmp"));

    public string InFolder(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Rounds as often as possible, delivery that does not wait long.</summary>
    /// <param name="upstream">The audit server; null for none.</param>
    /// <param name="carried">Whether its keys are carried here in a file; otherwise the agent has to be enrolled.</param>
    /// <param name="tickEvery">How often it ticks.</param>
    /// <param name="challengeEvery">How often it looks for footage to commit to; null for as usual.</param>
    /// <param name="heartbeatEvery">How often it makes a heartbeat by itself.</param>
    /// <param name="receiptKeys">Whether it knows the server's keys where no line leads to the server.</param>
    public void Configure(Uri? upstream, bool carried = true, string tickEvery = "00:05:00", string? challengeEvery = null, bool receiptKeys = false, string heartbeatEvery = "00:01:00")
    {
        var configuration = new JsonObject
        {
            ["site"] = new JsonObject { ["id"] = Id, ["timeZone"] = "Asia/Shanghai" },
            ["dataDirectory"] = Data,
            ["policy"] = new JsonObject { ["requiredDays"] = 7 },
            ["rounds"] = new JsonObject { ["every"] = "00:00:10" },
            ["recorders"] = new JsonArray(new JsonObject { ["id"] = "recordings", ["path"] = Recordings }),
        };
        if (challengeEvery is not null)
            configuration["challenge"] = new JsonObject { ["lookEvery"] = challengeEvery };
        if (upstream is not null)
            configuration["upstream"] = new JsonObject { ["url"] = upstream.AbsoluteUri, ["receiptKeys"] = carried ? ServerKeys : null, ["every"] = heartbeatEvery, ["tickEvery"] = tickEvery, ["firstPause"] = "00:00:01", ["timeout"] = "00:00:10" };
        else if (receiptKeys)
            configuration["upstream"] = new JsonObject { ["receiptKeys"] = ServerKeys };
        File.WriteAllText(Configuration, configuration.ToJsonString());
    }

    public CaptiveProcess StartAgent() => CaptiveProcess.Start(Programs.Agent, ["run", "--config", Configuration], Surroundings(), InFolder("elsewhere"));

    /// <summary>Starts the agent as a child of a process called systemd, as it would be under the real one.</summary>
    /// <param name="notify">Path of the socket that systemd listens on.</param>
    public CaptiveProcess StartAgentUnderSystemd(string notify)
    {
        var shell = InFolder("systemd");
        File.Copy("/bin/sh", shell);
        return CaptiveProcess.Start(
            shell, ["-c", "\"$0\" \"$@\"; exit $?", Programs.Agent, "run", "--config", Configuration], new Dictionary<string, string?>(Surroundings()) { ["NOTIFY_SOCKET"] = notify }, InFolder("elsewhere"));
    }

    public async Task<CaptiveProcess> StartServerAsync(params string[] options)
    {
        var server = BeginServer(options);
        try
        {
            await UntilServerAnswersAsync(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server and does not wait for it.</summary>
    public CaptiveProcess BeginServer(params string[] options) =>
        CaptiveProcess.Start(Programs.AuditServer, ["--data", InFolder("server"), "--urls", Server.AbsoluteUri.TrimEnd('/'), .. options], Surroundings(), InFolder("elsewhere"));

    public Task UntilServerAnswersAsync(CaptiveProcess server) => server.UntilAsync("it answers", async () => await AskAsync("/healthz") is "ok");

    /// <summary>What an officer does once for each site: carries the server's keys to the agent.</summary>
    public async Task CarryServerKeysAsync() => await File.WriteAllTextAsync(ServerKeys, await AskAsync("/.well-known/jwks.json"));

    /// <summary>And the agent's key to the server, as soon as there is one.</summary>
    public async Task PinAsync(CaptiveProcess agent)
    {
        await agent.UntilAsync("it has a key", () => File.Exists(PinFile));
        var pin = Path.Combine(InFolder("server"), "agents", "site.jwk.json");
        File.Copy(PinFile, pin + ".draft");
        File.Move(pin + ".draft", pin);
    }

    /// <summary>What an officer does on the server's host.</summary>
    public Task<EndedProcess> OfficeAsync(params string[] verb) => CaptiveProcess.RunAsync(Programs.AuditServer, [.. verb, "--data", InFolder("server")]);

    /// <summary>A code as an officer hands it over.</summary>
    public async Task<string> CodeAsync(string site = Id)
    {
        var issued = await OfficeAsync("issue-code", "--site", site);
        return issued.ExitCode == 0 ? issued.Output.Split('\n')[0] : throw new InvalidOperationException(issued.Errors);
    }

    /// <summary>Enrols this agent, the code coming from standard input.</summary>
    public async Task<EndedProcess> EnrolAsync(Uri server, string code)
    {
        await using var enrol = CaptiveProcess.Start(Programs.Agent, ["enrol", "--url", server.AbsoluteUri, "--code", "-", "--config", Configuration], Surroundings(), InFolder("elsewhere"), code + "\n");
        return await enrol.EndAsync();
    }

    /// <summary>The codes of the findings that the server shows for this site.</summary>
    public async Task<IReadOnlyList<string?>> FindingsAsync() =>
        [.. (await HistoryAsync()).GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("code").GetString())];

    /// <summary>What the server shows of this site.</summary>
    public async Task<JsonElement> HistoryAsync() => JsonDocument.Parse((await AskAsync($"/v1/sites/{Id}"))!).RootElement;

    /// <summary>What the server knows of this agent; null when it has never heard of it.</summary>
    public async Task<JsonElement?> KnownToServerAsync(string? agent = null) => await AskAsync("/v1/sites") is { } sites
        ? JsonDocument.Parse(sites).RootElement.GetProperty("sites").EnumerateArray().Where(s => agent is null || s.GetProperty("agent").GetString() == agent).Where(s => s.GetProperty("seq").ValueKind == JsonValueKind.Number).Cast<JsonElement?>().SingleOrDefault()
        : null;

    /// <summary>The entries of the ledger as it is exported, without the signatures.</summary>
    public async Task<IReadOnlyList<string>> ExportAsync()
    {
        var ended = await Programs.RunAgentAsync("ledger", "export", "--config", Configuration);
        return ended.ExitCode == 0 ? [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("{\"v\":", StringComparison.Ordinal))] : throw new InvalidOperationException(ended.Errors);
    }

    // Before its first entry the ledger is not there yet, and that is no failure.
    public async Task<bool> HasAsync(string type) => File.Exists(Path.Combine(Data, "ledger.db")) && (await ExportAsync()).Any(entry => TypeOf(entry) == type);

    public static string TypeOf(string entry) => JsonDocument.Parse(entry).RootElement.GetProperty("type").GetString()!;

    public void Dispose() => _folder.Dispose();

    async Task<string?> AskAsync(string path)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Server, path));
            return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    Dictionary<string, string?> Surroundings() => new() { ["HOME"] = InFolder("home"), ["TMPDIR"] = InFolder("tmp"), ["XDG_RUNTIME_DIR"] = null, ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = null };
}
