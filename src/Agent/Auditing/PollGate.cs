using System.Data.Common;
using System.Net;
using Agent.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Agent.Auditing;

/// <summary>
/// What every request goes through: no body, a known asker, an entry in the register, and only then an answer. Whatever goes wrong
/// leaves as a problem document without a word of what it was.
/// </summary>
internal sealed class PollGate(Askers askers, AccessRegister register, ILogger log)
{
    const string Elsewhere = "unknown";

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            {
                context.Response.Headers.Connection = "close";
                await PollAnswer.RefuseAsync(context, PollRefusal.BodyNotAllowed);
                return;
            }

            var route = context.GetEndpoint()?.Metadata.GetMetadata<PollRoute>();
            if (route is not { What: null } && !Admit(context, route?.What ?? Elsewhere, out var refusal))
            {
                await PollAnswer.RefuseAsync(context, refusal);
                return;
            }

            // At this point: the access stands in the ledger.
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentType is null && CodeOf(context.Response.StatusCode) is { } code)
                await PollAnswer.RefuseAsync(context, code);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(e, "A poll could not be answered");
            context.Response.Clear();
            await PollAnswer.RefuseAsync(context, e is LedgerWriteException or DbException ? PollRefusal.LedgerUnavailable : PollRefusal.Internal);
        }
    }

    bool Admit(HttpContext context, string what, out PollRefusal refusal)
    {
        var asker = askers.Recognise(context.Connection.ClientCertificate, context.Request.Headers.Authorization is [{ } one] ? one : null);
        refusal = asker.Refusal ?? default;
        if (asker.Refusal is null)
            register.Enter(asker.Name, what);
        else
            register.EnterRefusal(asker.Name, context.Connection.RemoteIpAddress ?? IPAddress.None);
        return asker.Refusal is null;
    }

    static PollRefusal? CodeOf(int status) => status switch
    {
        StatusCodes.Status404NotFound => PollRefusal.NotFound,
        StatusCodes.Status405MethodNotAllowed => PollRefusal.MethodNotAllowed,
        StatusCodes.Status429TooManyRequests => PollRefusal.TooManyRequests,
        >= StatusCodes.Status400BadRequest => PollRefusal.BadRequest,
        _ => null,
    };
}
