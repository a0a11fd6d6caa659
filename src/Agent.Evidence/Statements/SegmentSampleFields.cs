using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>The fields <c>camera, from, to, size, salt, ranges</c> of a sample, the same in a commitment and in a challenge.</summary>
static class SegmentSampleFields
{
    const int FewestSaltBytes = 16;
    const int MostSaltBytes = 64;

    public static SegmentSample NextSample(this OrderedFields fields)
    {
        var camera = fields.NextToken("camera");
        var from = fields.NextWhole("from", least: 0);
        var to = fields.NextWhole("to", least: 0);
        if (StatementFields.RangeOf(from, to) is not { } range)
            throw fields.Wrong("to", "after \"from\", and both are times from 1970 to 2199 in milliseconds");

        var size = fields.NextWhole("size", least: 1);
        return new SegmentSample
        {
            Camera = camera,
            Range = range,
            Size = size,
            Salt = [.. fields.NextBytes("salt", FewestSaltBytes, MostSaltBytes)],
            Parts = PartsOf(fields, size),
        };
    }

    public static void WriteSample(this Utf8JsonWriter json, SegmentSample sample)
    {
        json.WriteString("camera", sample.Camera);
        json.WriteNumber("from", sample.Range.From.ToUnixTimeMilliseconds());
        json.WriteNumber("to", sample.Range.To.ToUnixTimeMilliseconds());
        json.WriteNumber("size", sample.Size);
        json.WriteString("salt", StrictBase64Url.Encode(sample.Salt.AsSpan()));
        json.WriteStartArray("ranges");
        foreach (var (offset, length) in sample.Parts)
        {
            json.WriteStartArray();
            json.WriteNumberValue(offset);
            json.WriteNumberValue(length);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    // The bounds are here and not only in the agent that samples: an audit server that asks for a byte at a time could read the video.
    static ImmutableArray<(long, int)> PartsOf(OrderedFields fields, long size)
    {
        var parts = fields.NextArray("ranges", SegmentSample.MostParts, "ranges").Select(element => PartOf(fields, element)).ToImmutableArray();
        var end = 0L;
        foreach (var (offset, length) in parts)
        {
            if (offset < end || offset + length > size)
                throw fields.Wrong("ranges", "ascending, apart and within the size");
            if (length < SegmentSample.FewestBytes && length < size)
                throw fields.Wrong("ranges", $"at least {SegmentSample.FewestBytes} bytes each");
            end = offset + length;
        }

        return parts.IsEmpty || parts.Sum(part => (long)part.Length) > SegmentSample.MostBytes
            ? throw fields.Wrong("ranges", $"one or more parts of together at most {SegmentSample.MostBytes} bytes")
            : [.. parts.Select(part => (part.Offset, part.Length))];
    }

    static (long Offset, int Length) PartOf(OrderedFields fields, JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 2
        && element[0].ValueKind == JsonValueKind.Number && element[0].TryGetInt64(out var offset) && offset is >= 0 and <= OrderedFields.LargestWhole
        && element[1].ValueKind == JsonValueKind.Number && element[1].TryGetInt32(out var length) && length > 0
            ? (offset, length)
            : throw fields.Wrong("ranges", "an array of [offset,length]");
}
