using System.Net;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Agent.Auditing;

/// <summary>The forms of an answer.</summary>
internal static class PollAnswer
{
    public const string Lines = "application/jsonl";

    const string Problem = "application/problem+json";

    /// <summary>A problem document (RFC 9457) with <c>code</c>.</summary>
    public static Task RefuseAsync(HttpContext context, PollRefusal code)
    {
        var (status, title) = Meaning(code);
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = Problem;
        if (status == HttpStatusCode.Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsync(
            JsonSerializer.Serialize(new { title, status = (int)status, code = code.ToString() }), context.RequestAborted);
    }

    public static Task JsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        return context.Response.WriteAsync(json, context.RequestAborted);
    }

    static (HttpStatusCode Status, string Title) Meaning(PollRefusal code) => code switch
    {
        PollRefusal.NoCredentials => (HttpStatusCode.Unauthorized, "A client certificate or a bearer key is needed."),
        PollRefusal.UnknownCertificate => (HttpStatusCode.Unauthorized, "This client certificate is not among those the site configured."),
        PollRefusal.ExpiredCertificate => (HttpStatusCode.Unauthorized, "This client certificate is outside its dates."),
        PollRefusal.UnknownBearerKey => (HttpStatusCode.Unauthorized, "This bearer key is not among those the site configured."),
        PollRefusal.TooManyRequests => (HttpStatusCode.TooManyRequests, "Too many requests; Retry-After says when to ask again."),
        PollRefusal.BodyNotAllowed => (HttpStatusCode.RequestEntityTooLarge, "No request here has a body."),
        PollRefusal.NotFound => (HttpStatusCode.NotFound, "There is nothing at this path; /openapi.json says what there is."),
        PollRefusal.MethodNotAllowed => (HttpStatusCode.MethodNotAllowed, "Only GET is answered."),
        PollRefusal.BadNonce => (HttpStatusCode.BadRequest, "nonce must be 22 to 128 characters of A-Z a-z 0-9 _ -"),
        PollRefusal.ReplayedNonce => (HttpStatusCode.Conflict, "This nonce was answered before."),
        PollRefusal.BadParameter => (HttpStatusCode.BadRequest, "A parameter is missing or is not what /openapi.json asks for."),
        PollRefusal.UnknownEpoch => (HttpStatusCode.NotFound, "The ledger holds nothing of this epoch."),
        PollRefusal.BeyondHead => (HttpStatusCode.Conflict, "after lies beyond the newest entry of this epoch: it is another epoch's, or entries were lost."),
        PollRefusal.UnknownCamera => (HttpStatusCode.NotFound, "No camera of this code has been measured since the agent started."),
        PollRefusal.LedgerUnavailable => (HttpStatusCode.ServiceUnavailable, "The ledger cannot be used, and nothing is answered that is not registered in it."),
        PollRefusal.Internal => (HttpStatusCode.InternalServerError, "A fault of the agent itself."),
        _ => (HttpStatusCode.BadRequest, "The request is not understood."),
    };
}
