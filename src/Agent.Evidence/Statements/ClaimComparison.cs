using System.Globalization;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>Holds what is claimed of a camera against what its evidence comes to, figure by figure.</summary>
static class ClaimComparison
{
    const string Verdict = "verdict";
    const string Absent = "absent";

    /// <summary>Every figure; and no finding that follows from the evidence is left out.</summary>
    public static IEnumerable<JudgementDifference> Of(string camera, CameraClaim claimed, CameraClaim recomputed) =>
        (HaveSameFigures(claimed, recomputed) ? [] : Compare(camera, FiguresOf(claimed), FiguresOf(recomputed))).Concat(
            from finding in recomputed.Findings
            where !claimed.Findings.Any(f => f.Code == finding.Code && f.Range == finding.Range)
            select new JudgementDifference(camera, null, "findings", Absent, finding.Code.ToString()));

    // Nearly every statement is honest, and what is equal before it is written needs no writing.
    static bool HaveSameFigures(CameraClaim claimed, CameraClaim recomputed) =>
        claimed with { Thresholds = [], Findings = [] } == recomputed with { Thresholds = [], Findings = [] }
        && claimed.Thresholds.SequenceEqual(recomputed.Thresholds);

    /// <summary>The verdicts alone.</summary>
    public static IEnumerable<JudgementDifference> OfVerdicts(string camera, CameraClaim claimed, CameraClaim recomputed) =>
        Compare(camera, FiguresOf(claimed).Where(f => f.Name == Verdict), FiguresOf(recomputed).Where(f => f.Name == Verdict));

    static IEnumerable<JudgementDifference> Compare(string camera, IEnumerable<Figure> claimed, IEnumerable<Figure> recomputed)
    {
        var (left, right) = (claimed.ToDictionary(f => (f.Days, f.Name), f => f.Value), recomputed.ToDictionary(f => (f.Days, f.Name), f => f.Value));
        return from key in left.Keys.Union(right.Keys)
               let pair = (Claimed: left.GetValueOrDefault(key, Absent), Recomputed: right.GetValueOrDefault(key, Absent))
               where pair.Claimed != pair.Recomputed
               select new JudgementDifference(camera, key.Days, key.Name, pair.Claimed, pair.Recomputed);
    }

    static IEnumerable<Figure> FiguresOf(CameraClaim claim) =>
    [
        .. claim.Thresholds.SelectMany(FiguresOf),
        new(null, "oldest", Text(claim.Oldest)),
        new(null, "newest", Text(claim.Newest)),
        new(null, "continuousSince", Text(claim.ContinuousSince)),
        new(null, "continuousAgeSeconds", Text(claim.ContinuousAge)),
        new(null, "continuousAgeAtMostSeconds", Text(claim.ContinuousAgeAtMost)),
    ];

    static IEnumerable<Figure> FiguresOf(ThresholdClaim claim) =>
    [
        new(claim.Days, Verdict, StatementFields.Word(claim.Verdict)),
        new(claim.Days, "continuity", StatementFields.Word(claim.Continuity)),
        new(claim.Days, "retention", StatementFields.Word(claim.Retention)),
        new(claim.Days, "coverage", claim.Ratio is { } ratio ? Text(ratio) : "null"),
        new(claim.Days, "recordedSeconds", Text(claim.Coverage.Recorded)),
        new(claim.Days, "gapSeconds", Text(claim.Coverage.Gap)),
        new(claim.Days, "unknownSeconds", Text(claim.Coverage.Unknown)),
        new(claim.Days, "longestGapSeconds", Text(claim.Coverage.LongestGap)),
        new(claim.Days, "gaps", claim.Coverage.Gaps.ToString(CultureInfo.InvariantCulture)),
        new(claim.Days, "reasons", claim.Reasons.IsEmpty ? "none" : string.Join(' ', claim.Reasons)),
    ];

    static string Text(DateTimeOffset? time) => time is { } known ? OrderedFields.FormatTime(known) : "null";

    static string Text(TimeSpan? span) => span is { } known ? Text(StatementFields.SecondsOf(known)) : "null";

    static string Text(decimal number) => StatementFields.Shortest(number).ToString(CultureInfo.InvariantCulture);

    readonly record struct Figure(int? Days, string Name, string Value);
}
