using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files.Indexing;

/// <summary>What is kept in memory of one folder: enough for a look at which nothing changed.</summary>
internal sealed record FolderMemory
{
    // Of each kind so many are told one by one in a whole look; more of one folder never are.
    const int MostProblems = 50;

    // A change within the same tick of the volume's clock as the listing leaves no trace; over a network what is asked may be a minute old.
    static readonly TimeSpan LocalMargin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan NetworkMargin = TimeSpan.FromSeconds(65);

    public required string Path { get; init; }

    public required FileStamp Stamp { get; init; }

    /// <summary>When it was last listed, and when every file of it must be held against its record again.</summary>
    public required DateTimeOffset Listed { get; init; }

    public required DateTimeOffset NextListing { get; init; }

    /// <summary>Names of the folders in it.</summary>
    public required IReadOnlyList<string> Below { get; init; }

    /// <summary>Folders in it whose names cannot be spelled.</summary>
    public IReadOnlyList<string> UnspeakableBelow { get; init; } = [];

    public int Links { get; init; }

    /// <summary>Another volume than the recorder's own is mounted here.</summary>
    public bool IsMount { get; init; }

    /// <summary>Something went away or failed while it was read, so that its stamp proves nothing.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Of what it held when it was last listed whole; null when that cannot be told from its entries alone.</summary>
    public UInt128? Fingerprint { get; init; }

    /// <summary>Footage files in it, recognised or not; and those that the layout places.</summary>
    public int Files { get; private init; }

    public int Placed { get; private init; }

    public IReadOnlyList<CameraFolder> Cameras { get; private init; } = [];

    public IReadOnlyList<OpenFile> Open { get; private init; } = [];

    /// <summary>Problems of files that are not open, in the order of names.</summary>
    public IReadOnlyList<(string Name, ProblemCode Code, string Message)> Problems { get; private init; } = [];

    /// <summary>Further problems, of each kind.</summary>
    public IReadOnlyList<(ProblemCode Code, int Count)> MoreProblems { get; private init; } = [];

    /// <summary>Whether nothing in it can have changed that is not open, so that it need not be listed.</summary>
    public bool IsTrusted(FileStamp now, LookTimes times, VolumeKind kind)
    {
        if (kind == VolumeKind.Fat || IsUnsettled || !Stamp.IsSame(now) || Listed > times.Now || times.Now >= NextListing)
            return false;
        var latest = new DateTimeOffset(Math.Max(now.Modified, now.Changed), TimeSpan.Zero);
        return Listed - latest >= (kind == VolumeKind.Network ? NetworkMargin : LocalMargin);
    }

    /// <summary>The same folder with what its files come to.</summary>
    /// <param name="files">All of them, in the order of names.</param>
    /// <param name="layout">Name of the layout.</param>
    /// <param name="times">When they were looked at.</param>
    public FolderMemory With(IReadOnlyList<FileRecord> files, string layout, LookTimes times)
    {
        var byCamera = new Dictionary<string, List<FileRecord>>(StringComparer.Ordinal);
        List<OpenFile> open = [];
        List<(string, ProblemCode, string)> problems = [];
        Dictionary<ProblemCode, int> counts = [];
        foreach (var file in files)
        {
            if (file.Camera is { } camera)
                (byCamera.TryGetValue(camera, out var own) ? own : byCamera[camera] = []).Add(file);
            if (OpenFile.Is(file, times))
                open.Add(new OpenFile(file));
            else if (FileProblem.Of(file, layout, isLeftAlone: true) is { } problem && (counts[problem.Code] = counts.GetValueOrDefault(problem.Code) + 1) <= MostProblems)
                problems.Add((file.Name, problem.Code, problem.Message));
        }

        return this with
        {
            Fingerprint = Fingerprint ?? FolderFingerprint.Of(files, this),
            Files = files.Count,
            Placed = byCamera.Sum(c => c.Value.Count),
            Cameras = [.. byCamera.Select(c => CameraFolder.Of(c.Key, c.Value, times))],
            Open = [.. open],
            Problems = [.. problems],
            MoreProblems = [.. counts.Where(c => c.Value > MostProblems).Select(c => (c.Key, c.Value - MostProblems))],
        };
    }
}
