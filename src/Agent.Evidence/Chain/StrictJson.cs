using System.Text.Json;
using System.Text.Unicode;

namespace Agent.Evidence.Chain;

/// <summary>
/// Parses JSON that two independent readers cannot understand differently: no duplicate keys at any depth, no comments,
/// no trailing bytes, well-formed UTF-8, and every escaped string is real Unicode. What is signed must have one meaning.
/// </summary>
static class StrictJson
{
    const int MaxDepth = 32;

    static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <exception cref="FormatException">The bytes are too many, or not such JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, int maxBytes, string what)
    {
        if (utf8.Length > maxBytes)
            throw new FormatException($"{what} has {utf8.Length} bytes; at most {maxBytes} are allowed.");
        if (!Utf8.IsValid(utf8.Span))
            throw new FormatException($"{what} is not valid UTF-8.");

        try
        {
            RefuseBrokenEscapes(utf8.Span);
            return JsonDocument.Parse(utf8, Options);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} is not strict JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"{what} holds an escaped string that is not Unicode.", e);
        }
    }

    // "\ud800" alone is accepted by the parser and would throw only when somebody reads that string, far from here.
    static void RefuseBrokenEscapes(ReadOnlySpan<byte> utf8)
    {
        // Nothing is escaped without a backslash, and most of what travels has none.
        if (!utf8.Contains((byte)'\\'))
            return;

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                reader.GetString();
    }
}
