using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of a receipt: a JSON object with exactly the keys
/// <c>v, server, site, agent, epoch, seq, entry, t, previous, late, findings, judged, asks</c> in this order. Source: FORMAT.md, "Receipt".
/// </summary>
public static class ReceiptCodec
{
    /// <summary>The largest receipt, in bytes.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>The most asks in one receipt.</summary>
    public const int MostAsks = 16;

    const string What = "Receipt";

    /// <summary>Writes a receipt as the payload to sign.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <returns>UTF-8 JSON.</returns>
    public static byte[] Encode(Receipt receipt)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Receipt.Version);
            json.WriteString("server", receipt.Server);
            json.WriteString("site", receipt.Site);
            json.WriteString("agent", receipt.Agent);
            json.WriteString("epoch", receipt.Epoch);
            json.WriteNumber("seq", receipt.Seq);
            json.WriteString("entry", receipt.Entry);
            json.WriteString("t", OrderedFields.FormatTime(receipt.ReceivedAt));
            json.WriteString("previous", receipt.Previous);
            json.WriteNumber("late", receipt.LateSeconds);
            json.WriteStartArray("findings");
            foreach (var finding in receipt.Findings)
            {
                json.WriteStartObject();
                json.WriteString("code", finding.Code);
                json.WriteString("message", finding.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("judged", Word(receipt.Judged));
            json.WriteStartArray("asks");
            foreach (var ask in receipt.Asks)
                AskCodec.Write(json, ask);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the payload of a receipt whose signature was checked.</summary>
    /// <param name="utf8">The payload.</param>
    /// <returns>The receipt.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static Receipt Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(Receipt.Version);
        var receipt = new Receipt
        {
            Server = fields.NextString("server"),
            Site = fields.NextString("site"),
            Agent = fields.NextString("agent"),
            Epoch = fields.NextGuid("epoch"),
            Seq = fields.NextWhole("seq", least: 1),
            Entry = fields.NextHash("entry"),
            ReceivedAt = fields.NextTime("t"),
            Previous = fields.NextHashOrNull("previous"),
            LateSeconds = fields.NextWhole("late", least: 0),
            Findings = FindingsOf(fields),
            Judged = JudgementOf(fields),
            Asks = [.. fields.NextArray("asks", MostAsks, "asks").Select(AskCodec.Read).OfType<Ask>()],
        };
        fields.End();
        return receipt;
    }

    static ImmutableArray<ReceiptFinding> FindingsOf(OrderedFields fields)
    {
        if (fields.Next("findings") is not { ValueKind: JsonValueKind.Array } array)
            throw fields.Wrong("findings", "an array");

        return [.. array.EnumerateArray().Select(element =>
        {
            var finding = new OrderedFields(element, $"{What} finding");
            var read = new ReceiptFinding(finding.NextString("code"), finding.NextString("message"));
            finding.End();
            return read;
        })];
    }

    static ServerJudgement JudgementOf(OrderedFields fields) => fields.NextString("judged") switch
    {
        "agrees" => ServerJudgement.Agrees,
        "differs" => ServerJudgement.Differs,
        "not-judged" => ServerJudgement.NotJudged,
        _ => throw fields.Wrong("judged", "agrees, differs or not-judged"),
    };

    static string Word(ServerJudgement judgement) => judgement switch
    {
        ServerJudgement.Agrees => "agrees",
        ServerJudgement.Differs => "differs",
        _ => "not-judged",
    };
}
