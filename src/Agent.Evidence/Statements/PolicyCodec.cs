using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>The value of <c>policy</c> in a camera statement. Source: FORMAT.md, "Heartbeat body".</summary>
static class PolicyCodec
{
    /// <summary>The most days a policy can ask for.</summary>
    public const int MostDays = 400;

    /// <summary>The most numbers of days that are always measured.</summary>
    public const int MostMeasured = 8;

    public static void Write(Utf8JsonWriter json, RetentionPolicy policy, Assignment assignment)
    {
        json.WriteStartObject("policy");
        json.WriteNumber("requiredDays", policy.RequiredDays);
        json.WriteString("assignment", StatementFields.Word(assignment));
        json.WriteSeconds("dailyLossSeconds", policy.DailyLoss);
        json.WriteSeconds("weeklyLossSeconds", policy.WeeklyLoss);
        json.WriteStartArray("alwaysMeasured");
        foreach (var days in policy.AlwaysMeasured)
            json.WriteNumberValue(days);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static (RetentionPolicy Policy, Assignment Assignment) Read(JsonElement element)
    {
        var fields = new OrderedFields(element, "Heartbeat body policy");
        var requiredDays = fields.NextCount("requiredDays", 1, MostDays);
        var assignment = fields.NextWord<Assignment>("assignment");
        var policy = new RetentionPolicy
        {
            RequiredDays = requiredDays,
            DailyLoss = fields.NextSeconds("dailyLossSeconds"),
            WeeklyLoss = fields.NextSeconds("weeklyLossSeconds"),
            AlwaysMeasured = MeasuredOf(fields),
        };
        fields.End();
        return (policy, assignment);
    }

    static List<int> MeasuredOf(OrderedFields fields)
    {
        const string Expected = "an array of at most 8 whole numbers from 1 to 400, ascending";
        var days = fields.NextArray("alwaysMeasured", MostMeasured, "numbers of days")
            .Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out var n) && n is >= 1 and <= MostDays ? n : throw fields.Wrong("alwaysMeasured", Expected))
            .ToList();
        return days.Zip(days.Skip(1)).All(pair => pair.First < pair.Second) ? days : throw fields.Wrong("alwaysMeasured", Expected);
    }
}
