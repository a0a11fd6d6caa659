using Agent.Probing.Files.Containers;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>A recorder's own index of its footage.</summary>
/// <param name="Is">Whether a file is one, by its path relative to the recorder.</param>
/// <param name="Parts">Folders and file name of the index's own path; what stands before them is the prefix.</param>
/// <param name="Read">
/// Reads one: full path, the open file (null where the reader opens it itself), zone of its local times. Throws
/// <see cref="InvalidDataException"/> with the reason when it is damaged.
/// </param>
internal sealed record IndexFile(Func<ReadOnlySpan<char>, bool> Is, int Parts, Func<string, BoundedReader?, TimeZoneInfo, IReadOnlyList<ListedFootage>> Read)
{
    /// <summary>It numbers its cameras; the only one below a prefix goes by the name of its folder.</summary>
    public bool LoneCameraIsItsFolder { get; init; }

    /// <summary>The folders before an index, without the slash at the end.</summary>
    /// <param name="path">Of an index, relative to the recorder.</param>
    public ReadOnlySpan<char> PrefixOf(ReadOnlySpan<char> path)
    {
        for (var i = 0; i < Parts; i++)
            path = path[..Math.Max(0, path.LastIndexOf('/'))];
        return path;
    }
}
