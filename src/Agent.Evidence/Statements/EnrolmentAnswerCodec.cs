using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of the answer to an enrolment,
/// <c>{"v":1,"server":…,"site":…,"agent":…,"kid":…,"keys":[{JWK},…],"encryption":{JWK},"proof":…}</c>. Whoever looks for a JWK set finds one in
/// it. Source: FORMAT.md, "Enrolment".
/// </summary>
public static class EnrolmentAnswerCodec
{
    /// <summary>The largest answer, in bytes.</summary>
    public const int MaxBytes = 64 << 10;

    const int MostKeys = 16;
    const int LongestName = 200;
    const string What = "Enrolment answer";

    /// <summary>Writes an answer with its proof.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="proofKey">Of the code.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(EnrolmentAnswer answer, ReadOnlySpan<byte> proofKey)
    {
        var bytes = EnrolmentProof.Seal(Open(answer), proofKey);
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads an answer that came over the network.</summary>
    /// <param name="utf8">The answer.</param>
    /// <param name="proofKey">Of the code.</param>
    /// <returns>The answer; null when whoever answered does not hold the code, so that nothing in it is to be believed.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static EnrolmentAnswer? Verify(ReadOnlyMemory<byte> utf8, ReadOnlySpan<byte> proofKey)
    {
        var answer = Decode(utf8);
        return EnrolmentProof.Holds(utf8.Span, proofKey) ? answer : null;
    }

    /// <summary>Reads an answer whose proof was checked when it was stored.</summary>
    /// <param name="utf8">The answer.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static EnrolmentAnswer Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(EnrolmentAnswer.Version);
        var answer = new EnrolmentAnswer
        {
            Server = fields.NextString("server") is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl)
                ? name
                : throw fields.Wrong("server", $"1 to {LongestName} printable characters"),
            Site = fields.NextToken("site"),
            Agent = fields.NextToken("agent"),
            Kid = fields.NextToken("kid"),
            Keys = [.. fields.NextArray("keys", MostKeys, "keys").Select(Jwk.Read)],
            Encryption = EncryptionJwk.Read(fields.Next("encryption")),
        };
        fields.NextBytes(EnrolmentProof.Member, HMACSHA256.HashSizeInBytes, HMACSHA256.HashSizeInBytes);
        fields.End();
        return answer.Keys.IsEmpty ? throw fields.Wrong("keys", "a list of at least one key") : answer;
    }

    static ReadOnlySpan<byte> Open(EnrolmentAnswer answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("v", EnrolmentAnswer.Version);
            json.WriteString("server", answer.Server);
            json.WriteString("site", answer.Site);
            json.WriteString("agent", answer.Agent);
            json.WriteString("kid", answer.Kid);
            json.WriteStartArray("keys");
            foreach (var key in answer.Keys)
                json.WriteRawValue(key.ToJson());
            json.WriteEndArray();
            json.WritePropertyName("encryption");
            json.WriteRawValue(answer.Encryption.ToJson());
            json.WriteEndObject();
        }

        return buffer.WrittenSpan[..^1];
    }
}
