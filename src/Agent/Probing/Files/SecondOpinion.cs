#pragma warning disable CA1822
using Agent.Evidence.Verdicts;

namespace Agent.Probing.Files;

/// <summary>Asks ffprobe about a few sampled files per look.</summary>
internal sealed class SecondOpinion
{
    public SecondOpinionSample Sample() => new();
}

/// <summary>The files of one look chosen to be asked about.</summary>
internal sealed class SecondOpinionSample
{
    public void Offer(string camera, string path, TimeSpan duration) { }

    public SecondOpinionAnswers Ask(ProblemList problems, CancellationToken cancel) => new();
}

internal sealed class SecondOpinionAnswers
{
    public IEnumerable<Finding> For(string camera) => [];
}
