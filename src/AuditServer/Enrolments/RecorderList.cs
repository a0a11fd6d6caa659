using Agent.Evidence.Statements;

namespace AuditServer.Enrolments;

/// <summary>The recorders an agent was enrolled with, as stored: one "code serial" a line, in order, "-" for a serial nobody knows.</summary>
static class RecorderList
{
    const string NotKnown = "-";

    public static string Of(IEnumerable<EnrolledRecorder> recorders) => string.Join(
        '\n', recorders.Select(recorder => $"{recorder.Recorder} {recorder.Serial ?? NotKnown}").Order(StringComparer.Ordinal));

    public static IEnumerable<string> CodesOf(string list) => Parse(list).Keys;

    /// <summary>What changed from one enrolment to the next, in words; empty when nothing did. A serial that is not known on one side says nothing.</summary>
    public static IReadOnlyList<string> Changes(string before, string now)
    {
        var (old, current) = (Parse(before), Parse(now));
        return
        [
            .. current.Keys.Except(old.Keys).Select(code => $"recorder {code} is new"),
            .. old.Keys.Except(current.Keys).Select(code => $"recorder {code} is gone"),
            .. current.Keys.Intersect(old.Keys).Where(code => old[code] != current[code] && old[code] != NotKnown && current[code] != NotKnown)
                .Select(code => $"recorder {code} has another storage"),
        ];
    }

    static Dictionary<string, string> Parse(string list) => list.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
