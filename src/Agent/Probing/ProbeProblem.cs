namespace Agent.Probing;

/// <summary>Something that kept a probe from seeing, or that it saw and a person should know.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Path">Where, relative to the recorder, printable; null for the recorder as a whole.</param>
/// <param name="Code">What.</param>
/// <param name="Message">In plain words, naming it.</param>
internal sealed record ProbeProblem(string Recorder, string? Path, ProblemCode Code, string Message)
{
    /// <summary>Warnings are told and do not change an exit code.</summary>
    public bool IsWarning => Code is ProblemCode.LinksNotFollowed or ProblemCode.NoSecondOpinion or ProblemCode.VolumeReadOnly
        or ProblemCode.ChangedInPlace or ProblemCode.IndexDamaged or ProblemCode.IndexNotKept;
}
