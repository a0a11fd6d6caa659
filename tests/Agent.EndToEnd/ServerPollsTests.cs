using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The audit server's process asks the agent's process by itself, and others in its place that behave badly.</summary>
internal sealed class ServerPollsTests : IDisposable
{
    const string Key = "k2Vq0mYpXg8rT4uZ1wN7aQ";

    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    readonly TestSite _site = new();
    readonly int _port = Programs.FreePort();

    public void Dispose() => _site.Dispose();

    [Test]
    public async Task An_agent_is_polled_with_a_pinned_key_and_with_a_certificate_whoever_else_does_not_answer()
    {
        using var officer = MakeCertificate();
        Configure(Convert.ToHexStringLower(officer.GetCertHash(HashAlgorithmName.SHA256)));
        await using var agent = _site.StartAgent();
        await agent.UntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));
        var status = JsonDocument.Parse((await Programs.RunAgentAsync("status", "--config", _site.Configuration, "--json")).Output).RootElement;
        var fingerprint = status.GetProperty("poll").GetProperty("certificateSha256").GetString()!;
        var name = status.GetProperty("agent").GetString()!;

        await using var server = await _site.StartServerAsync("--poll", "1");
        await _site.PinAsync(agent);
        await using var redirecting = FakeAgent.Redirecting(new Uri($"https://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}/"));
        await using var babbling = FakeAgent.Babbling();
        await using var silent = FakeAgent.Silent();
        var fakes = new[] { ("fake-redirecting", redirecting), ("fake-babbling", babbling), ("fake-silent", silent) };
        foreach (var (fake, at) in fakes)
        {
            await HearOnceAsync(fake);
            await PollAtAsync(fake, at.Url, at.Fingerprint, "--bearer-file");
        }

        await PollAtAsync(name, new Uri($"https://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}"), fingerprint, "--bearer-file");
        await server.UntilAsync("what the agent stated was fetched with the key", async () => await _site.KnownToServerAsync(name) is not null);
        Assert.That(await AskersAsync(), Has.Count.EqualTo(1));

        using (var key = officer.GetECDsaPrivateKey()!)
            await File.WriteAllTextAsync(_site.InFolder("officer.pem"), officer.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        await PollAtAsync(name, new Uri($"https://127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}"), fingerprint, "--client-certificate");
        await server.UntilAsync("the agent was asked with the certificate", async () => (await AskersAsync()).Count == 2);

        // By then the fakes were asked as well, each refused by its own name.
        foreach (var (fake, reason) in new[] { ("fake-redirecting", "it sends the asker elsewhere (status 307)"), ("fake-babbling", "its answer is larger than "), ("fake-silent", "no answer came within 20 s") })
            await server.UntilAsync($"{fake} is found", async () => (await FindingsAsync(fake)).Any(finding => finding.Contains(reason, StringComparison.Ordinal)));
        Assert.That(await FindingsAsync(name), Is.Empty, "and the polling of others goes on");
        Assert.That(fakes.Select(fake => fake.Item2.Asked), Is.All.GreaterThanOrEqualTo(1));
        Assert.That((await AskersAsync()).Count, Is.EqualTo(2), "the agent was not asked by way of another");
        await agent.StopCleanlyAsync();
        await server.StopCleanlyAsync();
    }

    // Which key or certificate the agent's own register names.
    async Task<HashSet<string>> AskersAsync() =>
        [.. (await _site.ExportAsync()).Where(entry => TestSite.TypeOf(entry) == "access").Select(entry => JsonDocument.Parse(entry).RootElement.GetProperty("body").GetProperty("by").GetString()!)];

    // An agent that the server has heard of: only then is there somebody to find something about.
    async Task HearOnceAsync(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(
            Path.Combine(_site.InFolder("server"), "agents", $"{name}.jwk.json"), $$"""{"site":"{{name}}","agent":"{{name}}","key":{{Jwk.FromKey(key).ToJson()}}}""");
        var entry = EntryCodec.Encode(new LedgerEntry
        {
            Agent = name,
            Epoch = Guid.NewGuid(),
            Seq = 1,
            Time = TimeProvider.System.GetUtcNow(),
            Boot = "boot-1",
            MonotonicMilliseconds = 1,
            Previous = EntryCodec.NoPrevious,
            Type = EntryTypes.Tick,
            Body = TickCodec.Encode(new Tick { After = 0, Site = name, Receipt = null, Pending = 0, SetAside = 0 }),
        });
        using var body = new ByteArrayContent(new HeartbeatRequest(Jws.Sign(entry, StatementTypes.Tick, key), []).Encode());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Http.PostAsync(new Uri(_site.Server, "/v1/heartbeats"), body);
        Assert.That((int)answer.StatusCode, Is.EqualTo(200), await answer.Content.ReadAsStringAsync());
    }

    async Task PollAtAsync(string name, Uri url, string fingerprint, string shown)
    {
        await File.WriteAllTextAsync(_site.InFolder("bearer"), Key + "\n");
        var told = await _site.OfficeAsync(
            "poll-at", "--agent", name, "--url", url.AbsoluteUri, "--fingerprint", fingerprint, shown, _site.InFolder(shown == "--bearer-file" ? "bearer" : "officer.pem"));
        Assert.That(told.ExitCode, Is.Zero, told.Errors);
    }

    async Task<IReadOnlyList<string>> FindingsAsync(string agent)
    {
        var site = agent.StartsWith("fake-", StringComparison.Ordinal) ? agent : TestSite.Id;
        var history = JsonDocument.Parse(await Http.GetStringAsync(new Uri(_site.Server, $"/v1/sites/{site}"))).RootElement;
        return [.. history.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("code").GetString()!.StartsWith("Poll", StringComparison.Ordinal)).Select(f => f.GetProperty("message").GetString()!)];
    }

    void Configure(string certificate)
    {
        _site.Configure(upstream: null);
        var configuration = JsonNode.Parse(File.ReadAllText(_site.Configuration))!;
        configuration["poll"] = new JsonObject
        {
            ["listen"] = $"127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}",
            ["bearerKeys"] = new JsonArray(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Key)))),
            ["clientCertificates"] = new JsonArray(certificate),
        };
        File.WriteAllText(_site.Configuration, configuration.ToJsonString());
    }

    static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=officer", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
