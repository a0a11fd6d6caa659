using Agent.Probing.Files.Containers;

namespace Agent.Probing.Files.Layouts;

/// <summary>What a folder of recordings shows of its recorder by its names and a few of its files.</summary>
internal sealed record DiscoveredTree
{
    // Enough for a year of clock changes; opening them takes a second on a slow disk.
    const int FilesAsked = 240;
    const int RecognitionSample = 2000;

    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>How its files are named; null when no known layout explains them.</summary>
    public required Layout? Layout { get; init; }

    /// <summary>The files by which that was decided, and of how many of them the layout is right.</summary>
    public required (int Explained, int Of) Recognised { get; init; }

    /// <summary>What is told when there is no layout; null otherwise.</summary>
    public required string? Unrecognised { get; init; }

    /// <summary>Files of each camera, by name.</summary>
    public required IReadOnlyDictionary<string, long> Cameras { get; init; }

    /// <summary>What the files say of the zone of their names; null where names need no zone.</summary>
    public required ZoneEvidence? Zone { get; init; }

    /// <summary>Folders that could not be listed.</summary>
    public required int Unreadable { get; init; }

    /// <summary>Looks at a folder. Reads the heads of a few files; writes nothing.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="progress">Told of every file.</param>
    /// <param name="cancel">Ends the look early.</param>
    public static DiscoveredTree Of(string path, IProgress<ProbeProgress>? progress, CancellationToken cancel)
    {
        var sampling = new TreeWalk(path, KnownLayouts.Extensions, cancel);
        var sample = sampling.Files().Take(RecognitionSample).ToList();
        var layout = KnownLayouts.Recognise(sample);
        var cameras = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var walk = new TreeWalk(path, layout?.Extensions ?? KnownLayouts.Extensions, cancel);
        var asked = layout is null ? [] : Asked(layout, walk, path, cameras, progress);
        return new DiscoveredTree
        {
            Path = path,
            Layout = layout,
            Recognised = (sample.Count(f => layout?.Explains(f.RelativePath) == true), sample.Count),
            Unrecognised = layout is not null ? null : sample.Count == 0 ? $"{Printable.Text(path)} holds no video files" : UnrecognisedTree.Tell(sample),
            Cameras = cameras,
            Zone = layout is { NamesTellClock: true } ? ZoneEvidence.From(asked.Select(f => Sample(layout, f, cancel)).OfType<ZoneSample>()) : null,
            Unreadable = layout is null ? sampling.Unreadable.Count : walk.Unreadable.Count,
        };
    }

    /// <summary>Counts every camera's files, and keeps some from all over the tree.</summary>
    static List<FootageFile> Asked(Layout layout, TreeWalk walk, string path, SortedDictionary<string, long> cameras, IProgress<ProbeProgress>? progress)
    {
        var rootName = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(path));
        var kept = new List<FootageFile>();
        var (files, every) = (0L, 1);
        foreach (var file in walk.Files())
        {
            progress?.Report(new ProbeProgress(++files, file.RelativePath));
            if (layout.IsBeside(file.RelativePath) || !layout.TryPlace(WithoutExtension(file), rootName, TimeZoneInfo.Utc, out var camera, out _))
                continue;
            cameras[camera] = cameras.GetValueOrDefault(camera) + 1;
            if (files % every == 0)
                kept.Add(file);
            if (kept.Count >= 2 * FilesAsked)
            {
                kept = [.. kept.Where((_, i) => i % 2 == 0)];
                every *= 2;
            }
        }
        return [.. kept.Where((_, i) => i % Math.Max(1, kept.Count / FilesAsked) == 0)];
    }

    static ZoneSample? Sample(Layout layout, FootageFile file, CancellationToken cancel)
    {
        var look = SegmentReader.Look(file.FullPath, cancel);
        return look is { Gone: false, Failure: null, Container.State: ContainerState.Whole }
            ? ZoneSample.Of(layout, WithoutExtension(file), look.Container.Duration, look.LastWritten)
            : null;
    }

    static ReadOnlySpan<char> WithoutExtension(FootageFile file) => file.RelativePath.AsSpan(0, file.RelativePath.Length - System.IO.Path.GetExtension(file.RelativePath).Length);
}
