namespace Agent.Probing.Files;

/// <summary>Problems of one look. Of each kind the first are told one by one, the rest are counted: a million broken files make one line.</summary>
internal sealed class ProblemList(string recorder, int toldOfEachKind)
{
    readonly List<ProbeProblem> _told = [];
    readonly Dictionary<ProblemCode, int> _counts = [];

    public IReadOnlyList<ProbeProblem> All =>
    [
        .. _told,
        .. _counts.Where(c => c.Value > toldOfEachKind).Select(c => new ProbeProblem(recorder, null, c.Key, $"and {c.Value - toldOfEachKind} more of this kind")),
    ];

    public void Add(string? relativePath, ProblemCode code, string message)
    {
        var count = _counts[code] = _counts.GetValueOrDefault(code) + 1;
        if (count <= toldOfEachKind)
            _told.Add(new ProbeProblem(recorder, relativePath is null ? null : Printable.Text(relativePath), code, message));
    }

    /// <summary>Further problems of a kind, only counted; so many of it were told already.</summary>
    public void AddMore(ProblemCode code, int count) => _counts[code] = _counts.GetValueOrDefault(code) + count;
}
