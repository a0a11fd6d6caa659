using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes that are sealed: <c>{"v":1,"camera":…,"from":…,"to":…,"size":…,"salt":…,"ranges":[[offset,length],…],"sha256":…}</c>, and the
/// body of the entry that carries them sealed, <c>{"camera":…,"jwe":…}</c>. Source: FORMAT.md, "Commitment".
/// </summary>
public static class CommitmentCodec
{
    const string What = "Commitment";
    const int MaxBytes = 4096;

    /// <summary>Writes what is to be sealed.</summary>
    /// <param name="commitment">The commitment.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(Commitment commitment)
    {
        var bytes = Json(json =>
        {
            json.WriteNumber("v", Commitment.Version);
            json.WriteSample(commitment.Sample);
            json.WriteString("sha256", commitment.Digest);
        });
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads what was unsealed.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <returns>The commitment.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static Commitment Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(Commitment.Version);
        var commitment = new Commitment(fields.NextSample(), fields.NextHash("sha256"));
        fields.End();
        return commitment;
    }

    /// <summary>Writes the body of a <c>commitment</c> entry.</summary>
    /// <param name="camera">The camera's code.</param>
    /// <param name="jwe">The commitment, sealed to the audit server's key (compact JWE, ECDH-ES).</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] EncodeBody(string camera, string jwe) => Json(json =>
    {
        json.WriteString("camera", camera);
        json.WriteString("jwe", jwe);
    });

    /// <summary>Reads the body of a <c>commitment</c> entry.</summary>
    /// <param name="utf8">The body.</param>
    /// <returns>The camera's code and the sealed commitment.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static (string Camera, string Jwe) DecodeBody(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, EntryCodec.MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var body = (fields.NextToken("camera"), fields.NextString("jwe"));
        fields.End();
        return body;
    }

    static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
