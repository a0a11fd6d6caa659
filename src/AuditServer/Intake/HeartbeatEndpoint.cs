using System.Net.Mime;
using System.Text;
using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary><c>POST /v1/heartbeats</c>: a heartbeat or tick in, a receipt or a problem document out.</summary>
static class HeartbeatEndpoint
{
    public static void Map(WebApplication server) => server.MapPost("/v1/heartbeats", Post);

    static async Task<IResult> Post(HttpRequest request, HeartbeatIntake intake, CancellationToken cancel)
    {
        var (body, refused) = await PostedJson.ReadAsync(request, HeartbeatRequest.MaxBytes, cancel);
        var outcome = body is null ? new IntakeOutcome(null, refused) : await intake.TakeAsync(body, cancel);
        // A compact JWS has no character that JSON would escape.
        return outcome.Refusal is { } refusal ? PostedJson.Problem(refusal) : Results.Text($$"""{"receipt":"{{outcome.Receipt}}"}""", MediaTypeNames.Application.Json, Encoding.UTF8);
    }
}
