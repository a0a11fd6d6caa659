using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;

namespace Agent.Status;

/// <summary>One camera: what it is called here and in evidence, and what it comes to.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Camera">As the recorder names it.</param>
/// <param name="Code">As evidence names it.</param>
/// <param name="RequiredDays">The days that bind.</param>
/// <param name="Assignment">Who said so: the site itself, or the authority in a receipt it signed.</param>
/// <param name="Verdict">For those days; Undetermined when the look is too old to speak of now.</param>
/// <param name="Reasons">Why.</param>
/// <param name="Sentence">The same in plain words.</param>
/// <param name="Findings">Codes of what a person must look at, each once.</param>
/// <param name="LookedAt">When it was looked at.</param>
internal sealed record CameraStatus(
    string Recorder, string Camera, string Code, int RequiredDays, Assignment Assignment, Verdict Verdict, IReadOnlyList<string> Reasons, string Sentence, IReadOnlyList<string> Findings, DateTimeOffset LookedAt);
