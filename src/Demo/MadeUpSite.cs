using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Demo;

/// <summary>
/// The whole demo in the order in which a real site goes live: footage, audit server, the exchange of keys, agent, receipt.
/// Whatever it started ends with it.
/// </summary>
internal sealed class MadeUpSite(SiteFolder folder, TimeProvider time) : IAsyncDisposable
{
    const string ServerProgram = "retention-audit-server";
    const string AgentProgram = "retention-agent";

    static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(1);

    // Room for one more delivery, which comes every minute, should the first heartbeat be sent before its key is pinned.
    static readonly TimeSpan ReceiptWithin = TimeSpan.FromMinutes(3);

    static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(5);

    readonly List<ChildProgram> _programs = [];
    readonly MadeUpRecorder _recorder = new(folder.Recordings, time);
    readonly Patience _patience = new(time);
    readonly AnswerText _text = new();
    readonly AuditServerView _auditServer = new(FreeAddress());
    JwkSet _serverKeys = new([]);

    /// <summary>Until the first receipt has come and everything was shown.</summary>
    /// <returns>What the audit server knows.</returns>
    /// <exception cref="DemoFailedException">Something that must come did not.</exception>
    public async Task<SiteAnswer> GoLiveAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        Say($"A made-up site, {SiteConfiguration.SiteId}, in {folder.Root}");
        _recorder.Seed();
        Say($"Recorder      {_recorder.Files} files of half an hour, {_recorder.Bytes >> 20} MB, named as Frigate names them");
        await StartAuditServerAsync(cancel);
        SiteConfiguration.Write(folder, _auditServer.Address, _recorder.SeededAt);
        var agentKey = await StartAgentAsync(cancel);
        var answer = await _patience.For("the receipt for the first heartbeat", () => _auditServer.SiteAsync(_serverKeys, cancel), ReceiptWithin, _programs, cancel);
        Say($"Audit server  has the first heartbeat: verified, judged again, stored, receipted; {time.GetElapsedTime(began).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s after nothing was there");
        _text.Write(answer);
        _text.WriteProof(answer, agentKey);
        SayWhereToLook();
        return answer;
    }

    /// <summary>Records on and tells of every further heartbeat until cancelled.</summary>
    /// <exception cref="DemoFailedException">A program ended.</exception>
    public async Task RunOnAsync(SiteAnswer answer, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var recording = _recorder.RecordAsync(both.Token);
        var telling = TellAsync(answer, both.Token);
        try
        {
            await await Task.WhenAny(recording, telling);
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(recording, telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stops the agent, then the server it sends to.</summary>
    /// <returns>What did not end cleanly, in words; empty when all did.</returns>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        var faults = new List<string>();
        foreach (var program in _programs.AsEnumerable().Reverse())
            if (await program.StopAsync() is { } fault)
                faults.Add(fault);
        return faults;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs.AsEnumerable().Reverse())
            await program.DisposeAsync();
        _auditServer.Dispose();
    }

    async Task StartAuditServerAsync(CancellationToken cancel)
    {
        Start(ServerProgram, "--data", folder.ServerData, "--agents", folder.PinnedAgents, "--urls", _auditServer.Address.OriginalString, "--name", "audit-server.demo");
        var keys = await _patience.For("the audit server's keys", () => _auditServer.KeysAsync(cancel), StartsWithin, _programs, cancel);
        _serverKeys = JwkSet.Parse(keys);
        Say($"Audit server  listens on {_auditServer.Address.OriginalString}; its receipt key is {_serverKeys.Keys[0].Thumbprint}");
        await File.WriteAllTextAsync(folder.ReceiptKeys, keys, cancel);
        Say($"Site          keeps that public key, to know a true receipt: {folder.ReceiptKeys}");
    }

    /// <returns>Thumbprint of the agent's key.</returns>
    async Task<string> StartAgentAsync(CancellationToken cancel)
    {
        Start(AgentProgram, "run", "--config", folder.Configuration);
        var pin = await _patience.For("the agent's public key", () => ReadIfThere(folder.AgentKey), StartsWithin, _programs, cancel);
        using var document = JsonDocument.Parse(pin);
        var key = Jwk.Read(document.RootElement.GetProperty("key")).Thumbprint;
        Say($"Agent         started with {folder.Configuration}; made its own key {key}");
        var pinned = Path.Combine(folder.PinnedAgents, $"{SiteConfiguration.SiteId}.jwk.json");
        await File.WriteAllTextAsync($"{pinned}.part", pin, cancel);
        File.Move($"{pinned}.part", pinned);
        Say($"Officer       pins the agent's public key at the audit server: {pinned}");
        return key;
    }

    async Task TellAsync(SiteAnswer shown, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(LooksEvery, time, cancel);
            var last = shown.Seq;
            shown = await _patience.For("a word from the audit server", () => _auditServer.SiteAsync(_serverKeys, cancel), StartsWithin, _programs, cancel);
            if (shown.Seq == last)
                continue;
            var verdicts = MadeUpCamera.All.Select(c => $"{c.Name} {shown.VerdictOf(c)?.ToString() ?? "unknown"}");
            Say($"{TimeZoneInfo.ConvertTime(shown.Receipt.ReceivedAt, SiteConfiguration.Zone):HH:mm:ss}  heartbeat {shown.Seq} receipted, judged again: {AnswerText.Words(shown.Receipt.Judged)}. {string.Join(", ", verdicts)}");
        }
    }

    void SayWhereToLook()
    {
        Say("");
        Say("Where to look");
        Say($"  what the police see       {_auditServer.Sites}");
        Say($"  the server's public keys  {_auditServer.Keys}");
        Say($"  the agent's status log    {Path.Combine(folder.AgentData, "logs", $"status-{time.GetLocalNow():yyyyMMdd}.log")}");
        Say($"  measure it by hand        {ByHand("check", folder.Recordings)}");
        Say($"  the same, as configured   {ByHand("check", "--config", folder.Configuration)}");
    }

    static string ByHand(params string[] arguments) => string.Join(' ', ChildProgram.CommandLine(AgentProgram).Concat(arguments).Select(Quoted));

    static string Quoted(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;

    void Start(string program, params string[] arguments) => _programs.Add(ChildProgram.Start(program, arguments, folder, time));

    static async Task<string?> ReadIfThere(string file) => File.Exists(file) ? await File.ReadAllTextAsync(file) : null;

    // Between the question and the server's start another program could take the port; the server then ends and the demo says so.
    static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    static void Say(string line) => Console.Out.WriteLine(line);
}
