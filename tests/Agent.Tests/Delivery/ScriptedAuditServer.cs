using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Agent.Tests.Delivery;

/// <summary>
/// An audit server on a loopback port that does its duty unless told otherwise: each thing in <see cref="Script"/> is done once, for
/// one request, in order.
/// </summary>
sealed class ScriptedAuditServer : IAsyncDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly WebApplication _app;
    readonly Jwk _agent;
    readonly TimeProvider _time;

    ScriptedAuditServer(WebApplication app, Jwk agent, TimeProvider time) => (_app, _agent, _time) = (app, agent, time);

    public ConcurrentQueue<Func<HttpContext, VerifiedHeartbeat, Task>> Script { get; } = new();

    /// <summary>When each request arrived, by the test's clock.</summary>
    public ConcurrentQueue<DateTimeOffset> Requests { get; } = new();

    /// <summary>Accepted heartbeats by seq; one acceptance gives one receipt for good.</summary>
    public ConcurrentDictionary<long, string> Receipts { get; } = new();

    /// <summary>The attestations it was sent, and what it answers to them.</summary>
    public ConcurrentQueue<string> Attested { get; } = new();

    public int AttestationStatus { get; set; } = StatusCodes.Status200OK;

    public string? AttestationRetryAfter { get; set; }

    /// <summary>The order of acceptance, and whatever a chain check said against a request.</summary>
    public ConcurrentQueue<long> Accepted { get; } = new();

    public ConcurrentQueue<string> Faults { get; } = new();

    public JwkSet Keys => new([Jwk.FromKey(_key)]);

    public Uri Url => new(_app.Urls.Single());

    public static async Task<ScriptedAuditServer> StartAsync(Jwk agent, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ScriptedAuditServer(app, agent, time);
        app.MapPost("/v1/heartbeats", server.TakeAsync);
        app.MapPost("/v1/attestations", server.TakeAttestationAsync);
        await app.StartAsync();
        return server;
    }

    public static Func<HttpContext, VerifiedHeartbeat, Task> Answer(int status, string? code = null, string? retryAfter = null) =>
        async (context, _) =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            if (code is not null)
                await context.Response.WriteAsJsonAsync(new { code }, options: null, contentType: "application/problem+json");
        };

    public static Func<HttpContext, VerifiedHeartbeat, Task> Say(string text) => (context, _) => context.Response.WriteAsync(text);

    /// <summary>Accepts, then the line goes dead before the receipt is out.</summary>
    public Task AcceptAndDropReply(HttpContext context, VerifiedHeartbeat heartbeat)
    {
        Accept(heartbeat);
        context.Abort();
        return Task.CompletedTask;
    }

    public string Sign(VerifiedHeartbeat heartbeat, ECDsa? key = null, Func<Receipt, Receipt>? change = null)
    {
        var receipt = new Receipt
        {
            Server = "audit.test",
            Site = "HZ-0571-0001",
            Agent = heartbeat.Entry.Agent,
            Epoch = heartbeat.Entry.Epoch,
            Seq = heartbeat.Entry.Seq,
            Entry = heartbeat.EntryHash,
            ReceivedAt = _time.GetUtcNow(),
            Previous = null,
            LateSeconds = 0,
            Findings = [],
            Judged = ServerJudgement.NotJudged,
            Asks = [],
        };
        return Jws.Sign(ReceiptCodec.Encode(change?.Invoke(receipt) ?? receipt), StatementTypes.Receipt, key ?? _key);
    }

    /// <summary>A receipt by its signature and type only.</summary>
    public string SignAnything(string payload) => Jws.Sign(Encoding.UTF8.GetBytes(payload), StatementTypes.Receipt, _key);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    async Task TakeAsync(HttpContext context)
    {
        Requests.Enqueue(_time.GetUtcNow());
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var check = StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(body.ToArray()), kid => kid == _agent.Thumbprint ? _agent : null);
        if (check.Heartbeat is not { } heartbeat)
        {
            Faults.Enqueue(check.Fault!.Message);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (Script.TryDequeue(out var act))
            await act(context, heartbeat);
        else
            await context.Response.WriteAsJsonAsync(new { receipt = Accept(heartbeat) });
    }

    async Task TakeAttestationAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        Attested.Enqueue($"{body.RootElement.GetProperty("attestation").GetString()} after {Accepted.Count}");
        context.Response.StatusCode = AttestationStatus;
        context.Response.Headers.RetryAfter = AttestationRetryAfter;
    }

    string Accept(VerifiedHeartbeat heartbeat) => Receipts.GetOrAdd(heartbeat.Entry.Seq, seq =>
    {
        Accepted.Enqueue(seq);
        return Sign(heartbeat);
    });
}
