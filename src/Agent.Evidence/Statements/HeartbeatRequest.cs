using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// What an agent posts: <c>{"jws":"…","entries":["…",…]}</c>. The request itself is not signed and need not be: the heartbeat's
/// signature covers its ledger entry, whose <c>prev</c> fixes every entry before it.
/// </summary>
/// <param name="Jws">The heartbeat as a compact JWS; its payload is the exact bytes of a ledger entry.</param>
/// <param name="Entries">The exact text of each ledger entry after the previous heartbeat and before this one, in order.</param>
public sealed record HeartbeatRequest(string Jws, IReadOnlyList<string> Entries)
{
    /// <summary>The largest request, in bytes. An agent with more to say sends a heartbeat earlier.</summary>
    public const int MaxBytes = 4 << 20;

    const string What = "Heartbeat request";

    // Entries are JSON inside JSON: escape what must be, not every plus sign and Chinese character.
    static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the request.</summary>
    /// <returns>UTF-8 JSON; the caller minds <see cref="MaxBytes"/>.</returns>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("jws", Jws);
            json.WriteStartArray("entries");
            foreach (var entry in Entries)
                json.WriteStringValue(entry);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a request; checks its shape only, see <see cref="StatementVerifier"/> for what it says.</summary>
    /// <param name="utf8">The body as received.</param>
    /// <returns>The request.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object, or larger than <see cref="MaxBytes"/>.</exception>
    public static HeartbeatRequest Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var jws = fields.NextString("jws");
        if (fields.Next("entries") is not { ValueKind: JsonValueKind.Array } entries
            || entries.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.String))
            throw fields.Wrong("entries", "an array of strings");

        fields.End();
        return new HeartbeatRequest(jws, entries.EnumerateArray().Select(entry => entry.GetString()!).ToImmutableArray());
    }
}
