using System.Text.Json;
using Agent.Evidence.Statements;

namespace AuditServer.Sites;

/// <summary>
/// Reads <c>NAME.jwk.json</c>: <c>{"site":"HZ-0001","agent":"HZ-0001-a","key":{JWK},"revoked":false}</c>, the last optional.
/// </summary>
static class PinFile
{
    public const string Pattern = "*.jwk.json";

    const int MaxBytes = 16 << 10;
    const int MaxIdLength = 128;

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="FormatException">The file is not such a pin. Everything unknown is refused: "revoke" must not pass for "revoked".</exception>
    public static PinnedAgent Read(string file)
    {
        if (new FileInfo(file).Length > MaxBytes)
            throw new FormatException($"it is larger than {MaxBytes} bytes.");

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), Strict);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not JSON: {e.Message}", e);
        }
    }

    static PinnedAgent Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is not a JSON object.");
        if (root.EnumerateObject().FirstOrDefault(field => field.Name is not ("site" or "agent" or "key" or "revoked")) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            throw new FormatException($"\"{unknown.Name}\" is not known.");

        var revoked = root.TryGetProperty("revoked", out var flag);
        if (revoked && flag.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw new FormatException("\"revoked\" is neither true nor false.");
        if (!root.TryGetProperty("key", out var key))
            throw new FormatException("\"key\" is missing.");

        return new PinnedAgent(Id("site"), Id("agent"), Jwk.Read(key), revoked && flag.GetBoolean());

        string Id(string name) =>
            root.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= MaxIdLength } text
                ? text
                : throw new FormatException($"\"{name}\" is not a text of 1 to {MaxIdLength} characters.");
    }
}
