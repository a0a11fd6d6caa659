using System.Net.Mime;
using System.Text;
using Agent.Evidence.Statements;
using AuditServer.Intake;

namespace AuditServer.Enrolments;

/// <summary><c>POST /v1/enrolments</c>: an agent's request to be taken in; this server's keys or a problem document out.</summary>
static class EnrolmentEndpoint
{
    public static void Map(WebApplication server) => server.MapPost("/v1/enrolments", Post);

    static async Task<IResult> Post(HttpRequest request, EnrolmentIntake intake, CancellationToken cancel)
    {
        var (body, unread) = await PostedJson.ReadAsync(request, EnrolmentCodec.MaxBytes, cancel);
        var (answer, refusal) = body is null ? (null, unread) : intake.Take(body);
        // The bytes as they were proved: nothing writes them anew.
        return refusal is null ? Results.Text(answer, MediaTypeNames.Application.Json, Encoding.UTF8) : PostedJson.Problem(refusal);
    }
}
