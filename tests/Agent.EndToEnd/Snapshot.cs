namespace Agent.EndToEnd;

/// <summary>Everything under a folder as it is now, so that a change of anything shows: names, sizes, times of writing, rights.</summary>
internal static class Snapshot
{
    public static IReadOnlyList<string> Of(string folder, params string[] except) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(item => !except.Any(name => item.FullName.StartsWith(Path.Combine(folder, name), StringComparison.Ordinal)))
            .Select(item => $"{Path.GetRelativePath(folder, item.FullName)} {(item as FileInfo)?.Length} {item.LastWriteTimeUtc:O} {item.UnixFileMode}")
            .Order(StringComparer.Ordinal),
    ];
}
