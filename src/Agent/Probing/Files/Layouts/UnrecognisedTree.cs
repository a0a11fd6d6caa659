using System.Globalization;

namespace Agent.Probing.Files.Layouts;

/// <summary>What is told of a tree that no layout explains, so that a person can write a template for it.</summary>
internal static class UnrecognisedTree
{
    const int NamesShown = 3;
    const int ExtensionsShown = 4;
    const int LongestName = 120;

    /// <summary>One line: which names and extensions were seen, and how to say what they mean.</summary>
    /// <param name="sample">Files of the tree.</param>
    public static string Tell(IReadOnlyCollection<FootageFile> sample)
    {
        var videos = sample.Where(f => Layout.Ordinary.Contains(Path.GetExtension(f.RelativePath))).ToList();
        var seen = videos.Count > 0 ? videos : [.. sample];
        var extensions = seen.GroupBy(f => Path.GetExtension(f.RelativePath), StringComparer.OrdinalIgnoreCase).OrderByDescending(g => g.Count()).Take(ExtensionsShown)
            .Select(g => $"{g.Count().ToString(CultureInfo.InvariantCulture)} {(g.Key.Length == 0 ? "without extension" : Printable.Text(g.Key))}");
        // From all over the sample: the first few would be neighbours.
        var names = Enumerable.Range(0, Math.Min(NamesShown, seen.Count)).Select(i => seen[i * (seen.Count - 1) / Math.Max(1, NamesShown - 1)].RelativePath)
            .Distinct(StringComparer.Ordinal).Select(Shown);
        return $"no known layout explains the names of the video files here (seen: {string.Join(", ", extensions)}; such as {string.Join(", ", names)}); "
            + "state one by its name, or write what the end of their paths means as a template without the extension: "
            + "%Y %m %d %H %M %S for the time, {camera} for the camera, * for anything, for example --layout '{camera}/%Y-%m-%d_%H-%M-%S'";
    }

    static string Shown(string path) => Printable.Text(path.Length > LongestName ? $"…{path[^LongestName..]}" : path);
}
