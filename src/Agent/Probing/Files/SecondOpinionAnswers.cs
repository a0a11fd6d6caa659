using Agent.Evidence.Verdicts;

namespace Agent.Probing.Files;

/// <summary>Where ffprobe disagrees with us, by camera.</summary>
internal sealed class SecondOpinionAnswers
{
    readonly List<(string Camera, Finding Finding)> _findings = [];

    public void Add(string camera, Finding finding) => _findings.Add((camera, finding));

    public IEnumerable<Finding> For(string camera) => _findings.Where(f => f.Camera == camera).Select(f => f.Finding);
}
