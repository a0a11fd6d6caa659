using System.Net.Mime;
using Agent.Evidence.Statements;

namespace AuditServer.Intake;

/// <summary>What every posted statement shares: bytes in, bounded; a problem document (RFC 9457) with <c>code</c> out when it is refused.</summary>
static class PostedJson
{
    /// <summary>Where reading ends in any case, in bytes.</summary>
    public const int HardLimit = 4 * HeartbeatRequest.MaxBytes;

    /// <summary>The body, or why it was not read.</summary>
    public static async Task<(byte[]? Body, Refusal? Refusal)> ReadAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        if (!IsJson(request))
            return (null, new Refusal(RefusalCode.WrongContentType, $"The content type must be {MediaTypeNames.Application.Json}."));

        try
        {
            if (await Read(request, most, cancel) is { } body)
                return (body, null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Said below, as for what could be read to its end.
        }

        return (null, new Refusal(RefusalCode.TooLarge, $"The request is larger than {most} bytes."));
    }

    /// <summary>The answer to what was refused.</summary>
    public static IResult Problem(Refusal refusal)
    {
        var said = new Dictionary<string, object?> { ["code"] = refusal.Code.ToString() };
        if (refusal.Receipt is { } receipt)
            said["receipt"] = receipt;
        return Results.Problem(refusal.Message, statusCode: refusal.Status, extensions: said);
    }

    // Null above the cap. What is too much is still read and dropped: a sender cut off in the middle hears a reset, not the reason.
    static async Task<byte[]?> Read(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.ContentLength is { } length && length <= most)
        {
            var whole = new byte[length];
            await request.Body.ReadExactlyAsync(whole, cancel);
            return whole;
        }

        using var kept = new MemoryStream();
        var buffer = new byte[64 << 10];
        var total = 0L;
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            total += count;
            if (total <= most)
                await kept.WriteAsync(buffer.AsMemory(0, count), cancel);
        }

        return total <= most ? kept.ToArray() : null;
    }

    static bool IsJson(HttpRequest request) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);
}
