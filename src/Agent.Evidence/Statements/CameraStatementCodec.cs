using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>One element of <c>cameras</c> in a heartbeat. Source: FORMAT.md, "Heartbeat body".</summary>
static class CameraStatementCodec
{
    const string What = "Heartbeat body camera";
    const int MostRecorders = 16;
    const int LongestCode = 32;

    // No dot, colon, slash or at sign: a name of the outside world should not even fit.
    static readonly SearchValues<char> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    public static void Write(Utf8JsonWriter json, CameraStatement statement)
    {
        json.WriteStartObject();
        json.WriteString("camera", statement.Label.Camera);
        json.WriteStartArray("recorders");
        foreach (var recorder in statement.Label.Recorders)
            json.WriteStringValue(recorder);
        json.WriteEndArray();
        json.WriteString("kind", StatementFields.Word(statement.Label.Kind));
        json.WriteString("strongest", statement.Label.Strongest is { } strongest ? StatementFields.Word(strongest) : null);
        json.WriteString("weakest", statement.Label.Weakest is { } weakest ? StatementFields.Word(weakest) : null);
        json.WriteBoolean("proven", statement.Proven);
        PolicyCodec.Write(json, statement.Policy, statement.Label.Assignment);
        json.WriteInstant("lookedAt", statement.LookedAt);
        json.WriteSeconds("freshnessSeconds", statement.Freshness);
        WriteBeginning(json, statement);
        WriteTimeline(json, statement.Timeline);
        ClaimCodec.Write(json, statement.Claimed);
        json.WriteEndObject();
    }

    public static CameraStatement Read(JsonElement element, DateTimeOffset asOf)
    {
        var fields = new OrderedFields(element, What);
        var label = new CameraLabel
        {
            Camera = CodeOf(fields, "camera", fields.Next("camera")),
            Recorders = [.. fields.NextArray("recorders", MostRecorders, "recorders").Select(e => CodeOf(fields, "recorders", e))],
            Kind = fields.NextWord<TrackKind>("kind"),
            Strongest = fields.NextWordOrNull<Basis>("strongest"),
            Weakest = fields.NextWordOrNull<Basis>("weakest"),
        };
        if (label.Strongest is null != label.Weakest is null || label.Weakest > label.Strongest)
            throw fields.Wrong("weakest", "at most as strong as \"strongest\", or null like it");

        var proven = fields.NextBoolean("proven");
        var (policy, assignment) = PolicyCodec.Read(fields.Next("policy"));
        var statement = new CameraStatement
        {
            Label = label with { Assignment = assignment },
            Proven = proven,
            Policy = policy,
            LookedAt = fields.NextInstant("lookedAt"),
            Freshness = fields.NextSeconds("freshnessSeconds"),
            Commissioning = CommissioningOf(fields.Next("commissioning")),
            Losses = [.. fields.NextArray("losses", CameraStatement.MostLosses, "losses").Select(LossOf)],
            Timeline = TimelineOf(fields, policy, asOf),
            Claimed = ClaimCodec.Read(fields),
        };
        fields.End();
        return statement;
    }

    static void WriteBeginning(Utf8JsonWriter json, CameraStatement statement)
    {
        if (statement.Commissioning is { } began)
        {
            json.WriteStartObject("commissioning");
            json.WriteInstant("from", began.Within.From);
            json.WriteInstant("to", began.Within.To);
            json.WriteString("basis", StatementFields.Word(began.Basis));
            json.WriteEndObject();
        }
        else
            json.WriteNull("commissioning");

        json.WriteStartArray("losses");
        foreach (var loss in statement.Losses)
        {
            json.WriteStartObject();
            json.WriteRange("range", loss.Range);
            json.WriteInstant("noticedAt", loss.NoticedAt);
            json.WriteBoolean("fromOldestEdge", loss.FromOldestEdge);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteTimeline(Utf8JsonWriter json, StatedTimeline timeline)
    {
        json.WriteRange("window", timeline.Window);
        json.WriteRanges("gaps", timeline.Gaps);
        json.WriteStartArray("folded");
        foreach (var fold in timeline.Folded)
        {
            json.WriteStartObject();
            json.WriteRange("range", fold.Range);
            json.WriteNumber("count", fold.Count);
            json.WriteSeconds("seconds", fold.Length);
            json.WriteSeconds("longestSeconds", fold.Longest);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteRanges("unknown", timeline.Unknown);
        json.WriteRanges("notScheduled", timeline.NotScheduled);
    }

    static string CodeOf(OrderedFields fields, string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String && IsCode(value.GetString()!)
            ? value.GetString()!
            : throw fields.Wrong(key, $"a code: 1 to {LongestCode} characters of A-Z a-z 0-9 -");

    static bool IsCode(string text) => text.Length is > 0 and <= LongestCode && !text.AsSpan().ContainsAnyExcept(CodeCharacters);

    static Commissioning? CommissioningOf(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return null;

        var fields = new OrderedFields(element, "Heartbeat body commissioning");
        var (from, to) = (fields.NextInstant("from"), fields.NextInstant("to"));
        if (to < from)
            throw fields.Wrong("to", "at or after \"from\"");
        var began = new Commissioning(new TimeRange(from, to), fields.NextWord<CommissioningBasis>("basis"));
        fields.End();
        return began;
    }

    static FootageLoss LossOf(JsonElement element)
    {
        var fields = new OrderedFields(element, "Heartbeat body loss");
        var loss = new FootageLoss(fields.NextRange("range"), fields.NextInstant("noticedAt"), fields.NextBoolean("fromOldestEdge"));
        fields.End();
        return loss;
    }

    static StatedTimeline TimelineOf(OrderedFields fields, RetentionPolicy policy, DateTimeOffset asOf)
    {
        var window = fields.NextRange("window");
        if (window.To != asOf || window.From > asOf - TimeSpan.FromDays(policy.MeasuredDays[^1]) || window.Length > TimeSpan.FromDays(CameraStatement.LongestWindow))
            throw fields.Wrong("window", $"a range that ends at asOf, and reaches back the longest measured days and at most {CameraStatement.LongestWindow} days");
        var gaps = fields.NextRanges("gaps");
        var folded = fields.NextArray("folded", int.MaxValue, "folded gaps").Select(FoldOf).ToImmutableArray();
        var unknown = fields.NextRanges("unknown");
        var notScheduled = fields.NextRanges("notScheduled");
        try
        {
            return new StatedTimeline(window, gaps, folded, unknown, notScheduled);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{What}: {e.Message}", e);
        }
    }

    static FoldedGaps FoldOf(JsonElement element)
    {
        var fields = new OrderedFields(element, "Heartbeat body folded gaps");
        var fold = new FoldedGaps(
            fields.NextRange("range"), fields.NextCount("count", 2, int.MaxValue), fields.NextSeconds("seconds"), fields.NextSeconds("longestSeconds"));
        fields.End();
        return fold.Longest < fold.Length && fold.Longest * fold.Count >= fold.Length
            ? fold
            : throw fields.Wrong("longestSeconds", "the longest of so many gaps with this sum");
    }
}
