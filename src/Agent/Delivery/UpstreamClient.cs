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

    /// <summary>Whether the server asked to be left alone, and the time is not over.</summary>
    public bool IsResting => _resilience.IsResting;

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

    static UpstreamReply ReceiptOf(byte[] text) => AnswerFields.Of(text).Receipt is { } receipt
        ? new UpstreamReply(UpstreamOutcome.Answered, Receipt: receipt)
        : new UpstreamReply(UpstreamOutcome.NotNow, Code: "NoReceipt");

    UpstreamReply RefusalOf(HttpResponseMessage response, byte[] text)
    {
        var fields = AnswerFields.Of(text);
        var named = CodeOf(response, fields);
        var outcome = OutcomeOf(response.StatusCode, named);
        return new UpstreamReply(
            outcome, Code: named ?? string.Create(CultureInfo.InvariantCulture, $"Http{(int)response.StatusCode}"),
            RetryAfter: outcome == UpstreamOutcome.Failed ? PauseOf(response) : null,
            Standing: response.StatusCode == HttpStatusCode.Conflict ? fields.Receipt : null);
    }

    // Only the audit server itself can refuse for good, and it says why. Not enrolled yet, a proxy's bare 413, a guest network's welcome
    // page: nothing of that says that this heartbeat is bad.
    static UpstreamOutcome OutcomeOf(HttpStatusCode status, string? named) => status switch
    {
        _ when named is not null && FinalRefusals.Includes(status, named) => UpstreamOutcome.Refused,
        _ when named is not null && FinalRefusals.IsOfKey(status, named) => UpstreamOutcome.KeyRefused,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => UpstreamOutcome.Failed,
        _ => UpstreamOutcome.NotNow,
    };

    // What goes into the outbox and on to a screen is a short name, whatever was sent. A document that names another status than it came
    // with (RFC 9457, section 3.1.2) was not written for this answer.
    static string? CodeOf(HttpResponseMessage response, AnswerFields fields) =>
        response.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && fields.Code is { Length: > 0 and <= LongestCode } code && code.All(char.IsAsciiLetterOrDigit)
        && (fields.Status ?? (int)response.StatusCode) == (int)response.StatusCode
            ? code
            : null;

    // A date is one of the server's clock, and only its distance from the same clock's "now" means anything here.
    TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - (response.Headers.Date ?? _time.GetUtcNow());
        return asked > TimeSpan.Zero ? asked : null;
    }
}
