using System.Text.Json;

namespace Agent.Delivery;

/// <summary>The members that count of what came back, whoever wrote it: a receipt, or a problem document (RFC 9457).</summary>
/// <param name="Receipt">Null when there is none, or it is no text.</param>
/// <param name="Code">The same.</param>
/// <param name="Status">Null when there is none; 0 when it is no status.</param>
readonly record struct AnswerFields(string? Receipt, string? Code, int? Status)
{
    /// <summary>Reads an answer; nothing is found in one that is no JSON object.</summary>
    public static AnswerFields Of(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                ? new AnswerFields(Text(root, "receipt"), Text(root, "code"), Number(root, "status"))
                : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static int? Number(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) ? null : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
