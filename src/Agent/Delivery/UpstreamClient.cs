using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>Speaks to the audit server. Whatever answers there is not trusted: only a signed receipt is, and it is checked elsewhere.</summary>
sealed class UpstreamClient : IDisposable
{
    const int LargestReply = 1 << 20;
    const int LongestCode = 64;

    readonly HttpClient _http;
    readonly Uri _heartbeats;
    readonly Uri _attestations;
    readonly UpstreamResilience _resilience;
    readonly TimeProvider _time;

    public UpstreamClient(Uri server, UpstreamResilience resilience, TimeProvider time)
    {
        _heartbeats = new Uri($"{server.AbsoluteUri.TrimEnd('/')}/v1/heartbeats");
        _attestations = new Uri($"{server.AbsoluteUri.TrimEnd('/')}/v1/attestations");
        _resilience = resilience;
        _time = time;
#pragma warning disable CA2000 // The client disposes of its handler.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            // A name may move to another address while the agent runs for years.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        })
        {
            MaxResponseContentBufferSize = LargestReply,
            // Each try has its deadline from the resilience; a second clock here would only blur which one ended it.
            Timeout = Timeout.InfiniteTimeSpan,
        };
#pragma warning restore CA2000
    }

    /// <summary>Hands in one statement. Failures of the network and the server are answers, not exceptions.</summary>
    public Task<UpstreamReply> SendAsync(HeartbeatRequest request, CancellationToken cancel)
    {
        var body = request.Encode();
        return _resilience.ExecuteAsync(token => TryAsync(_heartbeats, body, ReceiptOf, token), cancel);
    }

    /// <summary>Hands in an attestation, made anew for each try because it is good for a minute only.</summary>
    public Task<UpstreamReply> AttestAsync(Func<string> attestation, CancellationToken cancel) => _resilience.ExecuteAsync(token =>
        TryAsync(_attestations, JsonSerializer.SerializeToUtf8Bytes(new { attestation = attestation() }), _ => new UpstreamReply(UpstreamOutcome.Answered), token), cancel);

    public void Dispose() => _http.Dispose();

    async ValueTask<UpstreamReply> TryAsync(Uri to, byte[] body, Func<byte[], UpstreamReply> accepted, CancellationToken cancel)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.PostAsync(to, content, cancel);
            var text = await response.Content.ReadAsByteArrayAsync(cancel);
            return response.StatusCode == HttpStatusCode.OK ? accepted(text) : RefusalOf(response, text);
        }
        catch (HttpRequestException e)
        {
            return UpstreamReply.Failed(e.HttpRequestError.ToString());
        }
        catch (IOException)
        {
            return UpstreamReply.Failed("ConnectionLost");
        }
    }

    static UpstreamReply ReceiptOf(byte[] text) => TextOf(text, "receipt") is { } receipt
        ? new UpstreamReply(UpstreamOutcome.Answered, Receipt: receipt)
        : new UpstreamReply(UpstreamOutcome.NotNow, Code: "NoReceipt");

    UpstreamReply RefusalOf(HttpResponseMessage response, byte[] text)
    {
        var named = CodeOf(response, text);
        var outcome = OutcomeOf(response.StatusCode);
        // Only the audit server itself can refuse for good, and it says why. A proxy's bare 400 or 413 says nothing of the heartbeat.
        if (outcome == UpstreamOutcome.Refused && named is null)
            outcome = UpstreamOutcome.NotNow;
        return new UpstreamReply(
            outcome, Code: named ?? string.Create(CultureInfo.InvariantCulture, $"Http{(int)response.StatusCode}"), RetryAfter: PauseOf(response),
            Standing: response.StatusCode == HttpStatusCode.Conflict ? TextOf(text, "receipt") : null);
    }

    static UpstreamOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity
            => UpstreamOutcome.Refused,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => UpstreamOutcome.Failed,
        // Not enrolled yet, forbidden, moved elsewhere, a hotel's welcome page: nothing that says this heartbeat is bad.
        _ => UpstreamOutcome.NotNow,
    };

    // What goes into the outbox and on to a screen is a short name, whatever was sent.
    static string? CodeOf(HttpResponseMessage response, byte[] text) =>
        response.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && TextOf(text, "code") is { Length: > 0 and <= LongestCode } code && code.All(char.IsAsciiLetterOrDigit)
            ? code
            : null;

    TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - _time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    static string? TextOf(byte[] json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
