using System.Net.Mime;
using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary><c>POST /v1/heartbeats</c>: bytes in, a receipt or a problem document (RFC 9457) with <c>code</c> out.</summary>
static class HeartbeatEndpoint
{
    public static void Map(WebApplication server) => server.MapPost("/v1/heartbeats", Post);

    static async Task<IResult> Post(HttpRequest request, HeartbeatIntake intake, CancellationToken cancel)
    {
        if (!IsJson(request))
            return Problem(new Refusal(RefusalCode.WrongContentType, $"The content type must be {MediaTypeNames.Application.Json}."));

        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancel);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problem(new Refusal(RefusalCode.TooLarge, $"The request is larger than {HeartbeatRequest.MaxBytes} bytes."));
        }

        var outcome = intake.Take(body.GetBuffer().AsMemory(0, (int)body.Length));
        return outcome.Refusal is { } refusal ? Problem(refusal) : Results.Json(new { receipt = outcome.Receipt });
    }

    static bool IsJson(HttpRequest request) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    static IResult Problem(Refusal refusal) => Results.Problem(
        refusal.Message, statusCode: refusal.Status, extensions: new Dictionary<string, object?> { ["code"] = refusal.Code.ToString() });
}
