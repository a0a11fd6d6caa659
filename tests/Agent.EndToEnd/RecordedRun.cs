using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.EndToEnd;

/// <summary>
/// Everything one run of the service stated, as it travelled and as it lies in the ledger; made once for all tests that take it apart.
/// </summary>
internal sealed class RecordedRun
{
    static readonly Lazy<Task<RecordedRun>> Once = new(MakeAsync);

    /// <summary>What the agent posted.</summary>
    public required byte[] Request { get; init; }

    /// <summary>What the audit server answered.</summary>
    public required byte[] Reply { get; init; }

    /// <summary>The ledger afterwards: start, two verdicts, heartbeat, receipt, stop.</summary>
    public required IReadOnlyList<string> Export { get; init; }

    /// <summary>The ledger's database, closed in order.</summary>
    public required byte[] Ledger { get; init; }

    /// <summary>The agent's pin file.</summary>
    public required string Pin { get; init; }

    /// <summary>The audit server's JWK set.</summary>
    public required string ServerKeys { get; init; }

    public string HeartbeatJws => Text(Request, "jws");

    public string ReceiptJws => Text(Reply, "receipt");

    /// <summary>The agent's key as a JWK set, as somebody would publish it.</summary>
    public string AgentKeys => new JwkSet([Jwk.Read(JsonDocument.Parse(Pin).RootElement.GetProperty("key"))]).ToJson();

    public static Task<RecordedRun> GetAsync() => Once.Value;

    static async Task<RecordedRun> MakeAsync()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync();
        await using var between = new ForwardingListener(site.Server);
        await site.CarryServerKeysAsync();
        site.Configure(between.Url);
        await using var agent = site.StartAgent();
        await site.PinAsync(agent);
        await agent.UntilAsync("a receipt is in the ledger", () => site.HasAsync("receipt"));
        await agent.StopAsync();
        var (_, request, reply) = between.Accepted.First(exchange => exchange.Path == "/v1/heartbeats");
        return new RecordedRun
        {
            Request = request,
            Reply = reply,
            Export = await site.ExportAsync(),
            Ledger = await File.ReadAllBytesAsync(Path.Combine(site.Data, "ledger.db")),
            Pin = await File.ReadAllTextAsync(site.PinFile),
            ServerKeys = await File.ReadAllTextAsync(site.ServerKeys),
        };
    }

    static string Text(byte[] json, string name) => JsonDocument.Parse(Encoding.UTF8.GetString(json)).RootElement.GetProperty(name).GetString()!;
}
