using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a challenge's answer: <c>{"ask":…,"epoch":…,"seq":…,"result":"answered|not-found|unverifiable","sha256":…|null}</c>.
/// Source: FORMAT.md, "Challenge".
/// </summary>
public static class ChallengeAnswerCodec
{
    const string What = "Challenge answer";
    const int MaxBytes = 1024;

    /// <summary>Writes the body of a <c>challenge</c> entry.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(ChallengeAnswer answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("ask", answer.Ask);
            json.WriteString("epoch", answer.Epoch);
            json.WriteNumber("seq", answer.Seq);
            json.WriteString("result", StatementFields.Word(answer.Result));
            json.WriteString("sha256", answer.Digest);
            json.WriteEndObject();
        }

        var bytes = buffer.WrittenSpan.ToArray();
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads the body of a <c>challenge</c> entry.</summary>
    /// <param name="utf8">The body.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static ChallengeAnswer Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        var answer = new ChallengeAnswer(
            fields.NextToken("ask"), fields.NextGuid("epoch"), fields.NextWhole("seq", least: 1),
            fields.NextWord<ChallengeResult>("result"), fields.NextHashOrNull("sha256"));
        fields.End();
        return (answer.Result == ChallengeResult.Answered) == (answer.Digest is not null)
            ? answer
            : throw fields.Wrong("sha256", "there if and only if the result is answered");
    }
}
