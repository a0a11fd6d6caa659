using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>The keys of a camera statement from <c>oldest</c> to <c>findings</c>: what is claimed. Source: FORMAT.md, "Heartbeat body".</summary>
static class ClaimCodec
{
    /// <summary>The longest wording of a finding, in characters.</summary>
    public const int LongestMeasure = 200;

    const string What = "Heartbeat body threshold";

    public static void Write(Utf8JsonWriter json, CameraClaim claim)
    {
        json.WriteInstant("oldest", claim.Oldest);
        json.WriteInstant("newest", claim.Newest);
        json.WriteInstant("continuousSince", claim.ContinuousSince);
        json.WriteSeconds("continuousAgeSeconds", claim.ContinuousAge);
        json.WriteSeconds("continuousAgeAtMostSeconds", claim.ContinuousAgeAtMost);
        json.WriteStartArray("thresholds");
        foreach (var threshold in claim.Thresholds)
            Write(json, threshold);
        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in claim.Findings)
        {
            json.WriteStartObject();
            json.WriteString("code", finding.Code.ToString());
            json.WriteRange("range", finding.Range);
            json.WriteString("measure", finding.Measure);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static CameraClaim Read(OrderedFields fields) => new()
    {
        Oldest = fields.NextInstantOrNull("oldest"),
        Newest = fields.NextInstantOrNull("newest"),
        ContinuousSince = fields.NextInstantOrNull("continuousSince"),
        ContinuousAge = fields.NextSecondsOrNull("continuousAgeSeconds"),
        ContinuousAgeAtMost = fields.NextSecondsOrNull("continuousAgeAtMostSeconds"),
        Thresholds = ThresholdsOf(fields),
        Findings = [.. fields.NextArray("findings", CameraStatement.MostFindings, "findings").Select(ReadFinding)],
    };

    /// <summary>A character that no JSON writer has to escape.</summary>
    public static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '"' and not '\\';

    static void Write(Utf8JsonWriter json, ThresholdClaim threshold)
    {
        json.WriteStartObject();
        json.WriteNumber("days", threshold.Days);
        json.WriteString("verdict", StatementFields.Word(threshold.Verdict));
        json.WriteString("continuity", StatementFields.Word(threshold.Continuity));
        json.WriteString("retention", StatementFields.Word(threshold.Retention));
        if (threshold.Ratio is { } ratio)
            json.WriteNumber("coverage", StatementFields.Shortest(ratio));
        else
            json.WriteNull("coverage");
        json.WriteSeconds("recordedSeconds", threshold.Coverage.Recorded);
        json.WriteSeconds("gapSeconds", threshold.Coverage.Gap);
        json.WriteSeconds("unknownSeconds", threshold.Coverage.Unknown);
        json.WriteSeconds("longestGapSeconds", threshold.Coverage.LongestGap);
        json.WriteNumber("gaps", threshold.Coverage.Gaps);
        json.WriteStartArray("reasons");
        foreach (var reason in threshold.Reasons)
            json.WriteStringValue(reason.ToString());
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static ImmutableArray<ThresholdClaim> ThresholdsOf(OrderedFields fields)
    {
        var thresholds = fields.NextArray("thresholds", PolicyCodec.MostMeasured + 1, "thresholds").Select(ReadThreshold).ToImmutableArray();
        return thresholds.Zip(thresholds.Skip(1)).All(pair => pair.First.Days < pair.Second.Days)
            ? thresholds
            : throw fields.Wrong("thresholds", "ascending by days");
    }

    static ThresholdClaim ReadThreshold(JsonElement element)
    {
        var fields = new OrderedFields(element, What);
        var claim = new ThresholdClaim
        {
            Days = fields.NextCount("days", 1, PolicyCodec.MostDays),
            Verdict = fields.NextWord<Verdict>("verdict"),
            Continuity = fields.NextWord<Verdict>("continuity"),
            Retention = fields.NextWord<Verdict>("retention"),
            Ratio = RatioOf(fields),
            Coverage = new Coverage(
                fields.NextSeconds("recordedSeconds"), fields.NextSeconds("gapSeconds"), fields.NextSeconds("unknownSeconds"),
                fields.NextSeconds("longestGapSeconds"), fields.NextCount("gaps", 0, int.MaxValue)),
            Reasons = ReasonsOf(fields),
        };
        fields.End();
        return claim;
    }

    static decimal? RatioOf(OrderedFields fields) => fields.Next("coverage") switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var ratio) && ratio is >= 0 and <= 1 && decimal.IsInteger(ratio * 10_000) => ratio,
        _ => throw fields.Wrong("coverage", "null or a number from 0 to 1 with at most four decimals"),
    };

    static ImmutableArray<VerdictReason> ReasonsOf(OrderedFields fields)
    {
        var reasons = fields.NextArray("reasons", Enum.GetValues<VerdictReason>().Length, "reasons")
            .Select(e => StatementFields.CodeOf<VerdictReason>(e.ValueKind == JsonValueKind.String ? e.GetString() : null)
                ?? throw fields.Wrong("reasons", "an array of known reasons"))
            .ToImmutableArray();
        return reasons.Zip(reasons.Skip(1)).All(pair => pair.First < pair.Second)
            ? reasons
            : throw fields.Wrong("reasons", "distinct and in the documented order");
    }

    static Finding ReadFinding(JsonElement element)
    {
        var fields = new OrderedFields(element, "Heartbeat body finding");
        var finding = new Finding(
            StatementFields.CodeOf<FindingCode>(fields.NextString("code")) ?? throw fields.Wrong("code", "the code of a known finding"),
            fields.NextRangeOrNull("range"),
            fields.NextString("measure"));
        fields.End();
        return finding.Measure.Length is > 0 and <= LongestMeasure && finding.Measure.All(IsPlain)
            ? finding
            : throw fields.Wrong("measure", $"1 to {LongestMeasure} printable ASCII characters without quote and backslash");
    }
}
