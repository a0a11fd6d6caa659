namespace Agent.Probing.Files.Layouts;

/// <summary>The layouts that are recognised without being told, in the order in which they win a tie.</summary>
internal static class KnownLayouts
{
    // What recorders and "ffmpeg -f segment -strftime 1" users write most; the camera is the folder, or stands before the time.
    static readonly string[] Templates =
    [
        "%Y-%m-%d_%H-%M-%S",
        "%Y-%m-%d_%H-%M-%S-%f",
        "%Y-%m-%dT%H-%M-%S",
        "%Y%m%d_%H%M%S",
        "%Y%m%d-%H%M%S",
        "%Y%m%d%H%M%S",
        "%v-%Y%m%d%H%M%S",
        "%Y-%m-%d/%H-%M-%S",
        "%Y-%m-%d/%H/%M-%S",
        "%Y/%m/%d/%H-%M-%S",
        "%Y/%m/%d/%H%M%S",
        "{camera}_%Y-%m-%d_%H-%M-%S",
        "{camera}-%Y-%m-%d_%H-%M-%S",
        "{camera}_%Y%m%d_%H%M%S",
        "{camera}-%Y%m%d-%H%M%S",
        "{camera}_%Y%m%d%H%M%S",
        "{camera}-%Y%m%d%H%M%S",
        "{camera}.%Y%m%d_%H%M%S",
    ];

    public static IReadOnlyList<Layout> All { get; } =
    [
        FrigateLayout.Instance,
        .. Templates.Select(t => new Layout(t, PathTemplate.Parse(t), Utc: false, Proven: true)),
    ];

    /// <summary>The layout that explains most of a sample, if it explains at least half of it; null otherwise.</summary>
    /// <param name="pathsWithoutExtension">Relative paths, extension removed.</param>
    public static Layout? Recognise(IReadOnlyCollection<string> pathsWithoutExtension)
    {
        var best = All.Select(l => (Layout: l, Count: pathsWithoutExtension.Count(p => l.Template.Matches(p, out _, out _)))).MaxBy(c => c.Count);
        return best.Count > 0 && best.Count * 2 >= pathsWithoutExtension.Count ? best.Layout : null;
    }
}
