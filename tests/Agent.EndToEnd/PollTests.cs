using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The running agent, asked as an audit server asks it, and its own word on how it is.</summary>
internal sealed class PollTests : IDisposable
{
    const string Key = "k2Vq0mYpXg8rT4uZ1wN7aQ";

    readonly TestSite _site = new();
    readonly int _port = Programs.FreePort();

    public void Dispose() => _site.Dispose();

    [Test]
    public async Task A_running_agent_answers_what_verifies_and_tells_how_it_is()
    {
        Configure();
        await using var agent = _site.StartAgent();
        await agent.UntilAsync("every camera was looked at", async () => (await StatusAsync()).Output.Contains(TestSite.WholeCamera, StringComparison.Ordinal));
        var status = await StatusAsync("--json");
        var told = JsonDocument.Parse(status.Output).RootElement;
        using var asker = Asker(told.GetProperty("poll").GetProperty("certificateSha256").GetString()!);
        await agent.UntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));

        var keys = JwkSet.Parse(await AskAsync(asker, "/.well-known/jwks.json"));
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var attested = JsonDocument.Parse(await AskAsync(asker, $"/v1/attestation?nonce={nonce}")).RootElement.GetProperty("attestation").GetString()!;
        var at = TimeProvider.System.GetUtcNow();
        var statements = Lines(await AskAsync(asker, "/v1/heartbeats?after=0"));
        var entries = Lines(await AskAsync(asker, "/v1/ledger?after=0"));
        var code = told.GetProperty("cameras").EnumerateArray().First(c => c.GetProperty("camera").GetString() == TestSite.HoleyCamera).GetProperty("code").GetString();
        var timeline = JsonDocument.Parse(await AskAsync(asker, $"/v1/cameras/{code}/timeline")).RootElement;

        var check = StatementVerifier.VerifyAttestation(attested, keys.Find, at, nonce);
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Attestation!.Cameras, Has.Length.EqualTo(2));
        Assert.That(ChainVerifier.FirstFault(entries.Select(e => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(e))), Is.Null);
        Assert.That(entries.Count(e => TestSite.TypeOf(e) == "access"), Is.EqualTo(3), "the key set is for anybody, and the page of entries holds its own access");
        Assert.That(timeline.GetProperty("spans").EnumerateArray().Any(s => s.GetProperty("state").GetString() == "gap"), Is.True);
        await AssertOthersVerifyAsync(keys, [.. statements, Dossier(attested, nonce, at)]);
        await AssertStatusAsync(agent, status);
    }

    [Test]
    public async Task An_address_that_is_taken_is_the_operators_mistake_and_no_fault_of_the_program()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _port);
        taken.Start();
        Configure();

        await using var agent = _site.StartAgent();
        var ended = await agent.EndAsync();

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("poll.listen").And.Not.Contain("   at "));
    }

    async Task AssertStatusAsync(CaptiveProcess agent, EndedProcess running)
    {
        Assert.That(running.ExitCode, Is.AnyOf(1, 2, 3), "one camera has a hole of four hours");
        var text = await StatusAsync();
        Assert.That(text.Output, Does.Contain(TestSite.WholeCamera).And.Contain($":{_port.ToString(CultureInfo.InvariantCulture)}").And.Contain("no audit server is configured"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Path.Combine(_site.Data, "status.json")) & (UnixFileMode)7, Is.EqualTo(UnixFileMode.None));
        await agent.StopCleanlyAsync();
        var stopped = await StatusAsync();
        Assert.That(stopped.ExitCode, Is.EqualTo(3));
        Assert.That(stopped.Errors, Does.Contain("does not run"));
    }

    /// <summary>Python's standard library and openssl, and nothing of ours.</summary>
    async Task AssertOthersVerifyAsync(JwkSet keys, IReadOnlyList<string> dossier)
    {
        Programs.Require("python3");
        var verifier = Path.Combine(AppContext.BaseDirectory, "../../../../../deploy/verify/verify.py");
        await File.WriteAllTextAsync(_site.InFolder("keys.json"), keys.ToJson());
        await File.WriteAllTextAsync(_site.InFolder("none.json"), """{"keys":[]}""");
        await File.WriteAllLinesAsync(_site.InFolder("dossier.jsonl"), dossier);
        var verified = await CaptiveProcess.RunAsync("python3", [verifier, "--agent", _site.InFolder("keys.json"), "--server", _site.InFolder("none.json"), _site.InFolder("dossier.jsonl")]);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.StartWith($"{dossier.Count} lines hold"));
    }

    static string Dossier(string attestation, string nonce, DateTimeOffset at) => new JsonObject
    {
        ["attestation"] = attestation, ["nonce"] = nonce, ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    }.ToJsonString();

    void Configure()
    {
        _site.Configure(upstream: null);
        var configuration = JsonNode.Parse(File.ReadAllText(_site.Configuration))!;
        configuration["poll"] = new JsonObject
        {
            ["listen"] = $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
            ["bearerKeys"] = new JsonArray(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)))),
        };
        File.WriteAllText(_site.Configuration, configuration.ToJsonString());
    }

    Task<EndedProcess> StatusAsync(params string[] more) => Programs.RunAgentAsync(["status", "--config", _site.Configuration, .. more]);

    HttpClient Asker(string fingerprint)
    {
#pragma warning disable CA2000 // The client disposes of it.
        var handler = new SocketsHttpHandler { UseProxy = false };
#pragma warning restore CA2000
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented is not null && Convert.ToHexStringLower(presented.GetCertHash(HashAlgorithmName.SHA256)) == fingerprint;
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}"),
            DefaultRequestHeaders = { Authorization = new("Bearer", Key) },
        };
    }

    static Task<string> AskAsync(HttpClient asker, string path) => asker.GetStringAsync(new Uri(path, UriKind.Relative));

    static IReadOnlyList<string> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
