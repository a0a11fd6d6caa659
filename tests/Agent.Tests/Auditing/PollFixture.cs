using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Agent.Auditing;
using Agent.Evidence.Chain;
using Agent.Evidence.Timelines;
using Agent.Hosting;
using Agent.Keys;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Ledger;
using Agent.Tests.Rounds;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Agent.Tests.Auditing;

/// <summary>An agent with a ledger and one measured camera, listening on a loopback port, and askers of every kind.</summary>
sealed class PollFixture : IAsyncDisposable
{
    public const string Key = "tUPcBcoEHkzF1nrQiE0aHw";
    public const string Camera = "cam-01";

    public static readonly TimeRange Hole = new(Reports.Now.AddDays(-3), Reports.Now.AddDays(-3).AddHours(2));

    readonly List<IDisposable> _opened = [];

    PollFixture(PollOptions options, X509Certificate2 officer)
    {
        Officer = officer;
        var results = new RoundResults();
        var outcome = Reports.Saw(Reports.Footage("front_door", 40, Hole));
        var recorder = Reports.Recorder(new CameraOptions { Camera = "front_door", Code = Camera });
        results.Set("recordings", new RoundResult(outcome, Reports.Judge(recorder, outcome)));
        var labels = new CameraLabels(CameraCodes.Open(Agent.Folder.Path), [recorder]);
        var content = new AttestationContent(results, labels, Agent.Ledger, Agent.Identity, Agent.Time);
        Listener = new PollListener(
            options,
            PollCertificate.Open(Agent.Folder.Path, IPAddress.Loopback, Agent.Time),
            new Askers(options, Agent.Time),
            new AccessRegister(Agent.Ledger, Agent.Time),
            new PollRoutes(
                new AttestationAnswer(content.Sign, new AnsweredNonces()), new LedgerPages(Agent.Ledger),
                new TimelineAnswer(code => Polling.Find(results, labels, code)), Agent.Identity),
            NullLoggerFactory.Instance);
    }

    public LedgerFixture Agent { get; } = new();

    public PollListener Listener { get; }

    /// <summary>The client certificate that is configured.</summary>
    public X509Certificate2 Officer { get; }

    public Uri Url => Listener.Address!;

    public static async Task<PollFixture> StartAsync(int requestsPerMinute = 600)
    {
        var now = Reports.Now;
        var officer = CertificateOf("officer", now.AddDays(-1), now.AddDays(1));
        var fixture = new PollFixture(
            new PollOptions
            {
                Listen = "127.0.0.1:0",
                ClientCertificates = [PollCertificate.FingerprintOf(officer)],
                BearerKeys = [Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))],
                RequestsPerMinute = requestsPerMinute,
            },
            officer);
        await fixture.Listener.StartAsync(CancellationToken.None);
        return fixture;
    }

    public static X509Certificate2 CertificateOf(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, to);
    }

    /// <summary>Somebody who asks, and who takes no other certificate than the agent's.</summary>
    public HttpClient Asker(string? key = Key, X509Certificate2? certificate = null)
    {
#pragma warning disable CA2000 // The client disposes of it, and the fixture of the client.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning restore CA2000
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented is X509Certificate2 agent && PollCertificate.FingerprintOf(agent) == Listener.CertificateFingerprint;
        if (certificate is not null)
            handler.SslOptions.ClientCertificates = [certificate];
        var client = new HttpClient(handler) { BaseAddress = Url };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        _opened.Add(client);
        return client;
    }

    public static string Nonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>The access entries: who, and what for.</summary>
    public IReadOnlyList<(string By, string What)> Accesses() =>
    [
        .. Agent.Entries().Where(e => e.Type == EntryTypes.Access).Select(e => JsonDocument.Parse(e.Body).RootElement)
            .Select(body => (body.GetProperty("by").GetString()!, body.GetProperty("what").GetString()!)),
    ];

    /// <summary>From here on nothing can be written, as on a full disk.</summary>
    public void FillDisk()
    {
        using var connection = new SqliteConnection($"Data Source={Agent.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TRIGGER disk_is_full BEFORE INSERT ON entry BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END";
        command.ExecuteNonQuery();
    }

    public static async Task<string> CodeOf(HttpResponseMessage answer)
    {
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && problem.GetProperty("status").GetInt32() == (int)answer.StatusCode
            ? problem.GetProperty("code").GetString()!
            : "no problem document";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _opened)
            one.Dispose();
        await Listener.StopAsync(CancellationToken.None);
        await Listener.DisposeAsync();
        Officer.Dispose();
        Agent.Dispose();
    }
}
