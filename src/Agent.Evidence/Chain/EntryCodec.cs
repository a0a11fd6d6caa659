using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Agent.Evidence.Chain;

/// <summary>
/// The bytes of a ledger entry: a JSON object with exactly the keys <c>v, agent, epoch, seq, t, boot, mono, prev, type, body</c>
/// in this order, without white space outside the body. An entry has one encoding only: what <see cref="Decode"/> accepts,
/// <see cref="Encode"/> gives back byte for byte. Source: FORMAT.md, "Ledger entry".
/// </summary>
public static class EntryCodec
{
    /// <summary>The largest entry, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The value of <c>prev</c> in the first entry of an epoch: 64 zeros.</summary>
    public const string NoPrevious = "0000000000000000000000000000000000000000000000000000000000000000";

    const string What = "Ledger entry";
    const int MaxTokenLength = 128;

    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    static readonly SearchValues<char> HashCharacters = SearchValues.Create("0123456789abcdef");

    /// <summary>Writes an entry as the bytes to store, hash, sign and send.</summary>
    /// <param name="entry">The entry; its body goes in byte for byte.</param>
    /// <returns>UTF-8 JSON of at most <see cref="MaxBytes"/> bytes.</returns>
    /// <exception cref="FormatException">A field is outside its range, the body is not a strict JSON object, or all of it is too large.</exception>
    public static byte[] Encode(LedgerEntry entry)
    {
        Check(entry);
        var bytes = Write(entry);
        // Reading it back is the one place where the rules for the body live, and nothing leaves here that a verifier would refuse.
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads the bytes of an entry and refuses anything but its one encoding.</summary>
    /// <param name="utf8">The exact bytes; they are copied, not kept.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="FormatException">The bytes are not an entry. The message names the first fault.</exception>
    public static LedgerEntry Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        if (fields.NextWhole("v", least: 1) is var version && version != LedgerEntry.Version)
            throw new FormatException($"{What}: version {version} is not known; this reads version {LedgerEntry.Version}.");

        var entry = new LedgerEntry
        {
            Agent = fields.NextString("agent"),
            Epoch = fields.NextGuid("epoch"),
            Seq = fields.NextWhole("seq", least: 1),
            Time = fields.NextTime("t"),
            Boot = fields.NextString("boot"),
            MonotonicMilliseconds = fields.NextWhole("mono", least: 0),
            Previous = fields.NextString("prev"),
            Type = fields.NextString("type"),
            Body = BodyOf(fields),
        };
        fields.End();
        Check(entry);

        // Whatever is left that could be written in two ways (white space, escapes, upper-case digits, 1e0) ends here.
        if (!Write(entry).AsSpan().SequenceEqual(utf8.Span))
            throw new FormatException($"{What} is not in its one encoding: white space, escapes or digits differ.");

        return entry;
    }

    /// <summary>The hash that the next entry's <c>prev</c> holds.</summary>
    /// <param name="utf8">The exact bytes of an entry.</param>
    /// <returns>Plain SHA-256 in lower-case hex, the same that <c>sha256sum</c> prints for these bytes.</returns>
    public static string Hash(ReadOnlySpan<byte> utf8) => Convert.ToHexStringLower(SHA256.HashData(utf8));

    /// <summary>Whether a text looks like what <see cref="Hash"/> returns.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>True for exactly 64 lower-case hex digits.</returns>
    public static bool IsHash(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HashCharacters);

    static byte[] BodyOf(OrderedFields fields) => fields.Next("body") is { ValueKind: JsonValueKind.Object } body
        ? JsonMarshal.GetRawUtf8Value(body).ToArray()
        : throw fields.Wrong("body", "a JSON object");

    static void Check(LedgerEntry entry)
    {
        CheckToken("agent", entry.Agent);
        CheckToken("boot", entry.Boot);
        CheckToken("type", entry.Type);
        if (entry.Seq is < 1 or > OrderedFields.LargestWhole)
            throw new FormatException($"{What}: \"seq\" {entry.Seq} is outside 1 to {OrderedFields.LargestWhole}.");
        if (entry.MonotonicMilliseconds is < 0 or > OrderedFields.LargestWhole)
            throw new FormatException($"{What}: \"mono\" {entry.MonotonicMilliseconds} is outside 0 to {OrderedFields.LargestWhole}.");
        if (!IsHash(entry.Previous))
            throw new FormatException($"{What}: \"prev\" is not 64 lower-case hex digits.");
        if (entry.Body.IsEmpty)
            throw new FormatException($"{What}: \"body\" is empty; it is at least {{}}.");
    }

    // Only characters that no JSON writer in any language escapes, so that the envelope is the same bytes everywhere.
    static void CheckToken(string key, string value)
    {
        if (value.Length is 0 or > MaxTokenLength || value.AsSpan().ContainsAnyExcept(TokenCharacters))
            throw new FormatException($"{What}: \"{key}\" is not 1 to {MaxTokenLength} characters of A-Z a-z 0-9 . _ : @ -");
    }

    static byte[] Write(LedgerEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(entry.Body.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", LedgerEntry.Version);
            json.WriteString("agent", entry.Agent);
            json.WriteString("epoch", entry.Epoch);
            json.WriteNumber("seq", entry.Seq);
            json.WriteString("t", OrderedFields.FormatTime(entry.Time));
            json.WriteString("boot", entry.Boot);
            json.WriteNumber("mono", entry.MonotonicMilliseconds);
            json.WriteString("prev", entry.Previous);
            json.WriteString("type", entry.Type);
            json.WritePropertyName("body");
            json.WriteRawValue(entry.Body.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
