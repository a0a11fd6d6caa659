using System.Buffers;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>The bytes of an ask within a receipt; the first key says which it is. Source: FORMAT.md, "Asks".</summary>
public static class AskCodec
{
    const string What = "Ask";
    const int FewestNonceBytes = 16;
    const int MostNonceBytes = 64;
    const int MostDays = 400;

    /// <summary>Writes an ask as it stands in a receipt.</summary>
    /// <param name="ask">The ask.</param>
    /// <returns>A JSON object on one line.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static string Encode(Ask ask)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
            Write(json, ask);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        Decode(text);
        return text;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="json">A JSON object.</param>
    /// <returns>The ask.</returns>
    /// <exception cref="FormatException">It is no ask of a kind that this version knows.</exception>
    public static Ask Decode(string json)
    {
        using var document = StrictJson.Parse(Encoding.UTF8.GetBytes(json), ReceiptCodec.MaxBytes, What);
        return Read(document.RootElement) ?? throw new FormatException($"{What}: this kind is not known.");
    }

    /// <summary>The ask, or null for a kind that this version does not know: a receipt must not be worthless because a newer server asks for more.</summary>
    /// <exception cref="FormatException">The element is no ask, or one of a known kind in another form.</exception>
    internal static Ask? Read(JsonElement element)
    {
        var fields = new OrderedFields(element, What);
        var kind = fields.NextString("ask");
        var id = fields.NextToken("id");
        Ask? ask = kind switch
        {
            "attest" => new AttestAsk(id, StrictBase64Url.Encode(fields.NextBytes("nonce", FewestNonceBytes, MostNonceBytes))),
            "challenge" => new ChallengeAsk(id, fields.NextGuid("epoch"), fields.NextWhole("seq", least: 1), fields.NextSample()),
            "next" => new NextAsk(id, fields.NextInstant("due")),
            "assign" => new AssignAsk(id, fields.NextToken("camera"), fields.NextCount("requiredDays", 1, MostDays)),
            _ => null,
        };
        if (ask is not null)
            fields.End();
        return ask;
    }

    internal static void Write(Utf8JsonWriter json, Ask ask)
    {
        json.WriteStartObject();
        switch (ask)
        {
            case AttestAsk attest:
                Begin("attest");
                json.WriteString("nonce", attest.Nonce);
                break;
            case ChallengeAsk challenge:
                Begin("challenge");
                json.WriteString("epoch", challenge.Epoch);
                json.WriteNumber("seq", challenge.Seq);
                json.WriteSample(challenge.Sample);
                break;
            case NextAsk next:
                Begin("next");
                json.WriteInstant("due", next.Due);
                break;
            case AssignAsk assign:
                Begin("assign");
                json.WriteString("camera", assign.Camera);
                json.WriteNumber("requiredDays", assign.RequiredDays);
                break;
            default:
                throw new ArgumentException($"{ask.GetType().Name} has no form in a receipt.", nameof(ask));
        }

        json.WriteEndObject();

        void Begin(string kind)
        {
            json.WriteString("ask", kind);
            json.WriteString("id", ask.Id);
        }
    }
}
