using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Probing;

namespace Agent.Rounds;

/// <summary>One camera of one recorder after a round: what was seen, and what it comes to.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Camera">The camera as the recorder names it.</param>
/// <param name="Footage">What the probe saw; null when the recorder could not be looked at.</param>
/// <param name="Evidence">What was judged.</param>
/// <param name="Policy">What it was judged by.</param>
/// <param name="Assessment">The answer.</param>
internal sealed record CameraReport(
    string Recorder, string Camera, CameraFootage? Footage, CameraEvidence Evidence, RetentionPolicy Policy, CameraAssessment Assessment)
{
    /// <summary>Who said how many days bind.</summary>
    public Assignment Assignment { get; init; } = Assignment.Declared;

    /// <summary>Findings of the look and of the judgement.</summary>
    public IEnumerable<Finding> Findings => Assessment.Findings.Concat(Footage?.Findings ?? []);

    /// <summary>The same with something more to look at; null is nothing.</summary>
    public CameraReport With(Finding? finding) =>
        finding is null ? this : this with { Assessment = Assessment with { Findings = [.. Assessment.Findings, finding] } };
}
