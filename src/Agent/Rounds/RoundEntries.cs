using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Verdicts;

namespace Agent.Rounds;

/// <summary>The bodies of the entries that rounds write. Codes only: what enters the ledger travels.</summary>
static class RoundEntries
{
    /// <summary>The verdicts of a camera, when one of them, the days that bind, or who says so changed.</summary>
    public static ReadOnlyMemory<byte> Verdict(CameraReport report, string code) => Body(json =>
    {
        json.WriteString("camera", code);
        json.WriteNumber("requiredDays", report.Assessment.RequiredDays);
        json.WriteString("assignment", report.Assignment.ToString().ToLowerInvariant());
        json.WriteStartArray("thresholds");
        foreach (var threshold in report.Assessment.Thresholds)
        {
            json.WriteStartObject();
            json.WriteNumber("days", threshold.Days);
            json.WriteString("verdict", threshold.Verdict.ToString().ToLowerInvariant());
            json.WriteStartArray("reasons");
            foreach (var reason in threshold.Reasons)
                json.WriteStringValue(reason.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Something about a camera that was not so at the round before.</summary>
    public static ReadOnlyMemory<byte> Finding(Finding finding, string code) => Body(json =>
    {
        json.WriteString("code", finding.Code.ToString());
        json.WriteString("camera", code);
        if (finding.Range is { } range)
        {
            json.WriteStartArray("range");
            json.WriteNumberValue(range.From.ToUnixTimeMilliseconds());
            json.WriteNumberValue(range.To.ToUnixTimeMilliseconds());
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("range");
        }

        json.WriteString("measure", finding.Measure);
    });

    static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
