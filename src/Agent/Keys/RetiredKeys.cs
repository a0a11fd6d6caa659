using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>
/// The published file of retired keys: a JWK set, newest first, each key with the further members <c>retired</c> (RFC 3339),
/// <c>epoch</c> and <c>seq</c> (the ledger entry that retired it). Readers of JWK sets ignore those.
/// </summary>
static class RetiredKeys
{
    public const string FileName = "retired.jwks.json";

    /// <exception cref="KeyFileException">The file is not such a set.</exception>
    public static ImmutableArray<RetiredKey> Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
            return [];

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(Of)];
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new KeyFileException(path, "it does not hold the agent's retired keys; restore it, or take it away and lose them", e);
        }
    }

    public static void Publish(string directory, ImmutableArray<RetiredKey> keys)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var retired in keys)
                Write(json, retired);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        KeyFile.Publish(Path.Combine(directory, FileName), buffer.ToArray());
    }

    static RetiredKey Of(JsonElement element) => new(
        Jwk.Read(element),
        DateTimeOffset.Parse(element.GetProperty("retired").GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        element.GetProperty("epoch").GetGuid(),
        element.GetProperty("seq").GetInt64());

    static void Write(Utf8JsonWriter json, RetiredKey retired)
    {
        using var key = JsonDocument.Parse(retired.Key.ToJson());
        json.WriteStartObject();
        foreach (var member in key.RootElement.EnumerateObject())
            member.WriteTo(json);
        json.WriteString("retired", retired.Retired.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("epoch", retired.Epoch);
        json.WriteNumber("seq", retired.Seq);
        json.WriteEndObject();
    }
}
