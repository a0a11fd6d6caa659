using Agent.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Agent.Auditing;

/// <summary>Which path leads where, and what each is called in the access register. Kept the same as <c>openapi.json</c>.</summary>
internal sealed class PollRoutes(AttestationAnswer attestation, LedgerPages pages, TimelineAnswer timelines, AgentIdentity identity)
{
    /// <summary>Pages are made in memory; so many at a time.</summary>
    public const string Heavy = "heavy";

    public const string Document = "openapi.json";

    static readonly string OpenApi = Read();

    public void Map(IEndpointRouteBuilder routes)
    {
        Guarded("/v1/attestation", "attestation", attestation.GetAsync);
        Guarded("/v1/heartbeats", "heartbeats", pages.StatementsAsync).RequireRateLimiting(Heavy);
        Guarded("/v1/ledger", "ledger", pages.EntriesAsync).RequireRateLimiting(Heavy);
        Guarded("/v1/cameras/{code}/timeline", "timeline", timelines.GetAsync).RequireRateLimiting(Heavy);
        Open("/.well-known/jwks.json", context => PollAnswer.JsonAsync(context, identity.PublicKeys.ToJson()));
        Open("/openapi.json", context => PollAnswer.JsonAsync(context, OpenApi));

        IEndpointConventionBuilder Guarded(string path, string what, RequestDelegate answer) =>
            routes.MapMethods(path, [HttpMethods.Get], answer).WithMetadata(new PollRoute(what));

        void Open(string path, RequestDelegate answer) => routes.MapMethods(path, [HttpMethods.Get], answer).WithMetadata(new PollRoute(null));
    }

    static string Read()
    {
        using var stream = typeof(PollRoutes).Assembly.GetManifestResourceStream($"{typeof(PollRoutes).Namespace}.{Document}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
