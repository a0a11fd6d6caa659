using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Agent.Tests.AuditServer;

/// <summary>
/// A loopback port that hands requests on to an audit server and does to them what a seed says. What became of each stands in
/// <see cref="Met"/>, in the order in which they came.
/// </summary>
sealed class BadLine : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly RunningServer _server;
    readonly TimeProvider _time;
    readonly Random _random;
    readonly Lock _turn = new();
    readonly List<(string Path, byte[] Body, int Left)> _overtaken = [];
    Reply? _previous;
    int _open;
    int _held;

    BadLine(WebApplication app, RunningServer server, TimeProvider time, Random random) =>
        (_app, _server, _time, _random) = (app, server, time, random);

    public Uri Url => new(_app.Urls.Single());

    public ConcurrentQueue<LineFault> Met { get; } = new();

    /// <summary>Of a hundred requests, how many go through unharmed.</summary>
    public int Good { get; set; } = 100;

    /// <summary>Nothing moves here unless time does.</summary>
    public bool IsQuiet => Volatile.Read(ref _open) == Volatile.Read(ref _held);

    public static async Task<BadLine> StartAsync(RunningServer server, TimeProvider time, int seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var line = new BadLine(app, server, time, new Random(seed));
        app.MapPost("/v1/{**rest}", line.TakeAsync);
        await app.StartAsync();
        return line;
    }

    /// <summary>What was overtaken and is still on its way arrives.</summary>
    public async Task ArriveAsync()
    {
        foreach (var (path, body, _) in Due(all: true))
            await ForwardAsync(path, body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using var text = new MemoryStream();
            await context.Request.Body.CopyToAsync(text);
            await TreatAsync(context, context.Request.Path, text.ToArray());
            foreach (var (path, body, _) in Due(all: false))
                await ForwardAsync(path, body);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    async Task TreatAsync(HttpContext context, string path, byte[] body)
    {
        var (fault, extent) = Choose();
        Met.Enqueue(fault);
        switch (fault)
        {
            case LineFault.LostBefore:
                context.Abort();
                return;
            case LineFault.Overtaken:
                lock (_turn)
                    _overtaken.Add((path, body, 1 + (int)(extent * 6)));
                context.Abort();
                return;
            case LineFault.Busy:
                context.Response.Headers.RetryAfter = extent < 0.5
                    ? string.Create(CultureInfo.InvariantCulture, $"{1 + (int)(extent * 20)}")
                    : new RetryConditionHeaderValue(_time.GetUtcNow().AddSeconds(extent * 20)).ToString();
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case LineFault.BusyForLong:
                context.Response.Headers.RetryAfter = "3600";
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case LineFault.TooMany:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            case LineFault.Stranger:
                await context.Response.WriteAsync("<html>Welcome! Please sign in.</html>");
                return;
        }

        var twin = fault == LineFault.DoubledAtOnce ? ForwardAsync(path, body) : null;
        var reply = await ForwardAsync(path, body);
        if (fault == LineFault.Doubled)
            reply = await ForwardAsync(path, body);
        if (twin is not null)
            await twin;
        await AnswerAsync(context, fault, reply, extent);
        // Never the answer to an attestation: a refusal is not signed, and one that strays to a statement is believed.
        if (path.EndsWith("/heartbeats", StringComparison.Ordinal))
            _previous = reply;
    }

    async Task AnswerAsync(HttpContext context, LineFault fault, Reply reply, double extent)
    {
        switch (fault)
        {
            case LineFault.LostAfter:
                context.Abort();
                return;
            case LineFault.BrokenAfter:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            case LineFault.TooSlow:
                await HoldAsync(Timeout.InfiniteTimeSpan, context.RequestAborted);
                return;
            case LineFault.Slow:
                await HoldAsync(TimeSpan.FromSeconds(extent * 20), context.RequestAborted);
                break;
            case LineFault.Swapped when _previous is { } previous:
                reply = previous;
                break;
        }

        var whole = fault is LineFault.CutShort or LineFault.CutOff ? reply.Body[..(int)(reply.Body.Length * extent)] : reply.Body;
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        context.Response.ContentLength = fault == LineFault.CutOff ? reply.Body.Length : whole.Length;
        await context.Response.Body.WriteAsync(whole);
        await context.Response.Body.FlushAsync();
        if (fault == LineFault.CutOff)
            context.Abort();
    }

    async Task HoldAsync(TimeSpan time, CancellationToken gone)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await Task.Delay(time, _time, gone);
        }
        catch (OperationCanceledException)
        {
            // Whoever waited has gone.
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    (LineFault Fault, double Extent) Choose()
    {
        lock (_turn)
        {
            var (draw, fault, extent) = (_random.Next(100), (LineFault)_random.Next(1, Enum.GetValues<LineFault>().Length), _random.NextDouble());
            return (draw < Good ? LineFault.None : fault, extent);
        }
    }

    List<(string Path, byte[] Body, int Left)> Due(bool all)
    {
        lock (_turn)
        {
            for (var i = 0; i < _overtaken.Count; i++)
                _overtaken[i] = _overtaken[i] with { Left = _overtaken[i].Left - 1 };
            var due = _overtaken.Where(request => all || request.Left < 0).ToList();
            _overtaken.RemoveAll(due.Contains);
            return due;
        }
    }

    async Task<Reply> ForwardAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _server.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsByteArrayAsync());
    }

    sealed record Reply(int Status, string? ContentType, byte[] Body);
}
