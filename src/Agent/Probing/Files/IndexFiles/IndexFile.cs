using Agent.Probing.Files.Containers;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>A recorder's own index of its footage.</summary>
/// <param name="Is">Whether a file is one, by its path relative to the recorder.</param>
/// <param name="Read">
/// Reads one: full path, the open file (null where the reader opens it itself), name of the recorder's folder, zone of its local
/// times. Throws <see cref="InvalidDataException"/> with the reason when it is damaged.
/// </param>
internal sealed record IndexFile(Func<ReadOnlySpan<char>, bool> Is, Func<string, BoundedReader?, string, TimeZoneInfo, IReadOnlyList<ListedFootage>> Read);
