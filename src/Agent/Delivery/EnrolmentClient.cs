using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Delivery;

/// <summary>
/// Asks an audit server once to take this agent in. Neither side believes the other, or anybody in between, because of the connection: each
/// proves that it holds the code, which itself is never sent.
/// </summary>
static class EnrolmentClient
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<EnrolmentReply> AskAsync(Uri server, Enrolment enrolment, EnrolmentCode code, Func<byte[], string, string> sign, CancellationToken cancel)
    {
        var key = code.ProofKey();
        try
        {
            var (status, text) = await PostAsync(server, EnrolmentCodec.Encode(enrolment, key, sign), cancel);
            return status == HttpStatusCode.OK ? Check(text, enrolment, key) : EnrolmentReply.Refused(EnrolmentWords.For(CodeIn(text), (int)status));
        }
        catch (HttpRequestException e)
        {
            return EnrolmentReply.Refused($"The audit server could not be reached ({e.HttpRequestError}); the code is still good.");
        }
        catch (Exception e) when (e is IOException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return EnrolmentReply.Refused("The audit server did not answer in time; run the same command again with the same code.");
        }
    }

    static EnrolmentReply Check(byte[] text, Enrolment enrolment, byte[] key)
    {
        try
        {
            var answer = EnrolmentAnswerCodec.Verify(text, key);
            if (answer is null)
                return EnrolmentReply.Refused("Whoever answered does not hold the code: this is not the audit server that issued it, or somebody changed its answer on the way. Nothing was stored.");
            return answer.Site == enrolment.Site && answer.Agent == enrolment.Agent && answer.Kid == enrolment.Key.Thumbprint
                ? new EnrolmentReply(answer, text, null)
                : EnrolmentReply.Refused("The answer is for another agent. Nothing was stored.");
        }
        catch (FormatException)
        {
            return EnrolmentReply.Refused("What answered is not an audit server, or one of another version. Nothing was stored.");
        }
    }

    static async Task<(HttpStatusCode Status, byte[] Text)> PostAsync(Uri server, byte[] body, CancellationToken cancel)
    {
#pragma warning disable CA2000 // The client disposes of its handler.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, Credentials = null })
        {
            MaxResponseContentBufferSize = EnrolmentAnswerCodec.MaxBytes,
            Timeout = Deadline,
        };
#pragma warning restore CA2000
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"{server.AbsoluteUri.TrimEnd('/')}/v1/enrolments")), content, cancel);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
    }

    static string? CodeIn(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                ? code.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
