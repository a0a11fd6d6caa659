namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// Names for cameras that an index only numbers. A network camera that records into a folder of its own is known by that folder; of
/// several, in however many indexes side by side, each keeps its number.
/// </summary>
internal static class LoneCameras
{
    /// <summary>From the names they were listed by to those they go by; only those that differ.</summary>
    /// <param name="listed">Names of all listed cameras, as <c>prefix/number</c>, or the number alone in the recorder's own folder.</param>
    /// <param name="rootName">The recorder's folder.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> listed, string rootName) =>
        listed.Distinct(StringComparer.Ordinal).GroupBy(PrefixOf, StringComparer.Ordinal).Where(below => below.Count() == 1)
            .ToDictionary(below => below.Single(), below => below.Key.Length == 0 ? rootName : below.Key, StringComparer.Ordinal);

    static string PrefixOf(string camera) => camera[..Math.Max(0, camera.LastIndexOf('/'))];
}
