using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a request to be taken in, <c>{"v":1,"code":…,"site":…,"agent":…,"epoch":…,"seq":…,"key":{JWK},"recorders":[…],"proof":…}</c>,
/// and of the request that carries it, <c>{"enrolment":"&lt;jws&gt;"}</c>. Source: FORMAT.md, "Enrolment".
/// </summary>
public static class EnrolmentCodec
{
    /// <summary>The largest request, in bytes.</summary>
    public const int MaxBytes = 128 << 10;

    /// <summary>How many recorders an agent may name.</summary>
    public const int MostRecorders = 256;

    const string What = "Enrolment";

    /// <summary>Writes, proves and signs a request, ready to be posted.</summary>
    /// <param name="enrolment">What is asked.</param>
    /// <param name="proofKey">Of the code: <see cref="EnrolmentCode.ProofKey"/>.</param>
    /// <param name="sign">Signs exact bytes as a compact JWS of a type, with the key that is named.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(Enrolment enrolment, ReadOnlySpan<byte> proofKey, Func<byte[], string, string> sign)
    {
        var payload = EncodePayload(enrolment, proofKey);
        Decode(payload);
        return Encoding.ASCII.GetBytes($$"""{"enrolment":"{{sign(payload, StatementTypes.Enrolment)}}"}""");
    }

    /// <summary>Reads a posted request and checks that the key it names signed it.</summary>
    /// <param name="utf8">The request.</param>
    /// <returns>The request, or the first fault.</returns>
    public static EnrolmentCheck Verify(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = StrictJson.Parse(utf8, MaxBytes, What);
            var fields = new OrderedFields(document.RootElement, What);
            var jws = fields.NextString("enrolment");
            fields.End();

            // Which key must have signed is said in what it signed: this shows possession, and the proof shows the rest.
            var named = Decode(jws.Split('.') is [_, var part, _] && StrictBase64Url.Decode(part) is { } payload ? payload : []).Key;
            var check = Jws.Verify(jws, StatementTypes.Enrolment, kid => kid == named.Thumbprint ? named : null);
            return check.Fault is null
                ? new EnrolmentCheck(new PostedEnrolment(Decode(check.Payload), check.Payload, jws), null)
                : new EnrolmentCheck(null, StatementFault.Of(check));
        }
        catch (FormatException e)
        {
            return new EnrolmentCheck(null, new StatementFault(StatementFaultKind.Malformed, e.Message));
        }
    }

    /// <summary>Whether a request was made by somebody who holds the code. Takes the same time whatever the answer.</summary>
    /// <param name="posted">The request.</param>
    /// <param name="proofKey">Of the code.</param>
    /// <returns>True when the proof holds.</returns>
    public static bool IsProven(PostedEnrolment posted, ReadOnlySpan<byte> proofKey) => EnrolmentProof.Holds(posted.Payload.Span, proofKey);

    internal static byte[] EncodePayload(Enrolment enrolment, ReadOnlySpan<byte> proofKey) => EnrolmentProof.Seal(Open(enrolment), proofKey);

    internal static Enrolment Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(Enrolment.Version);
        var enrolment = new Enrolment
        {
            Code = fields.NextToken("code"),
            Site = fields.NextToken("site"),
            Agent = fields.NextToken("agent"),
            Epoch = fields.NextGuid("epoch"),
            Seq = fields.NextWhole("seq", least: 0),
            Key = Jwk.Read(fields.Next("key")),
            Recorders = [.. fields.NextArray("recorders", MostRecorders, "recorders").Select(RecorderOf)],
        };
        fields.NextBytes(EnrolmentProof.Member, HMACSHA256.HashSizeInBytes, HMACSHA256.HashSizeInBytes);
        fields.End();
        if (enrolment.Recorders.Select(recorder => recorder.Recorder).Distinct(StringComparer.Ordinal).Count() != enrolment.Recorders.Length)
            throw fields.Wrong("recorders", "a list in which each recorder stands once");
        return enrolment;
    }

    static EnrolledRecorder RecorderOf(JsonElement element)
    {
        var fields = new OrderedFields(element, $"{What} recorder");
        var recorder = new EnrolledRecorder(fields.NextToken("recorder"), fields.NextTokenOrNull("serial"));
        fields.End();
        return recorder;
    }

    static ReadOnlySpan<byte> Open(Enrolment enrolment)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Enrolment.Version);
            json.WriteString("code", enrolment.Code);
            json.WriteString("site", enrolment.Site);
            json.WriteString("agent", enrolment.Agent);
            json.WriteString("epoch", enrolment.Epoch);
            json.WriteNumber("seq", enrolment.Seq);
            json.WritePropertyName("key");
            json.WriteRawValue(enrolment.Key.ToJson());
            json.WriteStartArray("recorders");
            foreach (var recorder in enrolment.Recorders)
            {
                json.WriteStartObject();
                json.WriteString("recorder", recorder.Recorder);
                json.WriteString("serial", recorder.Serial);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan[..^1];
    }
}
