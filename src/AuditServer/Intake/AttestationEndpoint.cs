using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary><c>POST /v1/attestations</c>: <c>{"attestation":"…"}</c> in; <c>{"receivedAt":"…"}</c> or a problem document out.</summary>
static class AttestationEndpoint
{
    const int MaxBytes = 2 * AttestationCodec.MaxBytes;

    public static void Map(WebApplication server) => server.MapPost("/v1/attestations", Post);

    static async Task<IResult> Post(HttpRequest request, AttestationIntake intake, TimeProvider time, CancellationToken cancel)
    {
        var (body, refused) = await PostedJson.ReadAsync(request, MaxBytes, cancel);
        var receivedAt = time.GetUtcNow();
        var refusal = body is null ? refused : intake.Take(body, receivedAt);
        return refusal is null ? Results.Json(new { receivedAt }) : PostedJson.Problem(refusal);
    }
}
