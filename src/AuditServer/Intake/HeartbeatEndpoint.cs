using System.Net.Mime;
using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary><c>POST /v1/heartbeats</c>: bytes in, a receipt or a problem document (RFC 9457) with <c>code</c> out.</summary>
static class HeartbeatEndpoint
{
    /// <summary>Where reading ends in any case, in bytes.</summary>
    public const int HardLimit = 4 * HeartbeatRequest.MaxBytes;

    public static void Map(WebApplication server) => server.MapPost("/v1/heartbeats", Post);

    static async Task<IResult> Post(HttpRequest request, HeartbeatIntake intake, CancellationToken cancel)
    {
        if (!IsJson(request))
            return Problem(new Refusal(RefusalCode.WrongContentType, $"The content type must be {MediaTypeNames.Application.Json}."));

        byte[]? body;
        try
        {
            body = await Read(request.Body, cancel);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            body = null;
        }

        if (body is null)
            return Problem(new Refusal(RefusalCode.TooLarge, $"The request is larger than {HeartbeatRequest.MaxBytes} bytes."));

        var outcome = await intake.TakeAsync(body, cancel);
        return outcome.Refusal is { } refusal ? Problem(refusal) : Results.Json(new { receipt = outcome.Receipt });
    }

    /// <summary>The body, or null above the cap. What is too much is still read and dropped: a sender cut off in the middle hears a reset, not the reason.</summary>
    static async Task<byte[]?> Read(Stream body, CancellationToken cancel)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[64 << 10];
        var total = 0L;
        while (await body.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            total += count;
            if (total <= HeartbeatRequest.MaxBytes)
                await kept.WriteAsync(buffer.AsMemory(0, count), cancel);
        }

        return total <= HeartbeatRequest.MaxBytes ? kept.ToArray() : null;
    }

    static bool IsJson(HttpRequest request) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    static IResult Problem(Refusal refusal) => Results.Problem(
        refusal.Message, statusCode: refusal.Status, extensions: new Dictionary<string, object?> { ["code"] = refusal.Code.ToString() });
}
