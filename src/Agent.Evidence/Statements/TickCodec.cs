using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a tick's body: <c>{"after":…,"site":…,"receipt":…,"pending":…,"setAside":…}</c>, in this order, without white space;
/// one encoding only. Source: FORMAT.md, "Tick".
/// </summary>
public static class TickCodec
{
    /// <summary>The largest body, in bytes: a signed tick is to stay within 1 KB.</summary>
    public const int MaxBytes = 512;

    const string What = "Tick body";

    /// <summary>Writes the body of a tick's ledger entry.</summary>
    /// <param name="tick">The tick.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(Tick tick)
    {
        var bytes = Write(tick);
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads the body of a tick and refuses anything but its one encoding.</summary>
    /// <param name="utf8">The exact bytes.</param>
    /// <returns>The tick.</returns>
    /// <exception cref="FormatException">The bytes are not such a body.</exception>
    public static Tick Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var tick = new Tick
        {
            After = fields.NextWhole("after", least: 0),
            Site = fields.NextToken("site"),
            Receipt = fields.NextHashOrNull("receipt"),
            Pending = fields.NextWhole("pending", least: 0),
            SetAside = fields.NextWhole("setAside", least: 0),
        };
        fields.End();
        return Write(tick).AsSpan().SequenceEqual(utf8.Span)
            ? tick
            : throw new FormatException($"{What} is not in its one encoding: white space, escapes or digits differ.");
    }

    static byte[] Write(Tick tick)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("after", tick.After);
            json.WriteString("site", tick.Site);
            json.WriteString("receipt", tick.Receipt);
            json.WriteNumber("pending", tick.Pending);
            json.WriteNumber("setAside", tick.SetAside);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
