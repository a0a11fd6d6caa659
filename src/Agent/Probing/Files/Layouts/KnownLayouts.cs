using System.Collections.Frozen;

namespace Agent.Probing.Files.Layouts;

/// <summary>The layouts that are recognised without being told, in the order in which they win a tie.</summary>
internal static class KnownLayouts
{
    // What "ffmpeg -f segment -strftime 1" users write most; the camera is the folder, or stands before the time.
    static readonly string[] Templates =
    [
        "%Y-%m-%d_%H-%M-%S",
        "%Y%m%d_%H%M%S",
        "%Y%m%d-%H%M%S",
        "%Y%m%d%H%M%S",
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
    ];

    public static IReadOnlyList<Layout> All { get; } =
    [
        FrigateLayout.Instance,
        MediaMtxLayout.Instance,
        MotionLayout.Instance,
        ZoneMinderLayout.Deep,
        ZoneMinderLayout.Medium,
        ZoneMinderLayout.Shallow,
        HikvisionLayout.Instance,
        DahuaLayout.Instance,
        BlueIrisLayout.Instance,
        AgentDvrLayout.Instance,
        SynologyLayout.Instance,
        UniFiLayout.Instance,
        ShinobiLayout.Instance,
        ViseronLayout.Instance,
        KerberosLayout.Instance,
        MoonfireLayout.Instance,
        .. Templates.Select(t => new Layout(t, PathTemplate.Parse(t), Utc: false, Proven: true)),
    ];

    /// <summary>Extensions of everything that may be footage, or an index of it, in any known layout.</summary>
    public static FrozenSet<string> Extensions { get; } = Layout.Of([.. All.SelectMany(l => l.Extensions).Concat(Layout.Ordinary).Distinct(StringComparer.OrdinalIgnoreCase)]);

    /// <summary>
    /// The layout that explains most of a sample, if it explains at least half of what may be footage in it; null otherwise. Files of
    /// other layouts' unusual extensions, or without one, do not count against a layout: there are all kinds of such files.
    /// </summary>
    /// <param name="sample">Files of the tree, of any of <see cref="Extensions"/>.</param>
    public static Layout? Recognise(IReadOnlyCollection<FootageFile> sample)
    {
        var (best, most, of) = (default(Layout), 0, 0);
        foreach (var layout in All)
        {
            var (explained, considered) = (0, 0);
            foreach (var file in sample)
            {
                if (layout.IsBeside(file.RelativePath) && !layout.Explains(file.RelativePath))
                    continue;
                considered += layout.HasItsExtension(file.RelativePath) || HasOrdinaryExtension(file.RelativePath) ? 1 : 0;
                explained += layout.Explains(file.RelativePath) ? 1 : 0;
            }
            if (explained > most)
                (best, most, of) = (layout, explained, considered);
        }
        return most * 2 >= of ? best : null;
    }

    static bool HasOrdinaryExtension(ReadOnlySpan<char> path) => Layout.Ordinary.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Path.GetExtension(path));
}
