using Agent.Probing.Files.Containers;
using Agent.Probing.Files.Indexing;

namespace Agent.Probing.Files;

/// <summary>What one look into a file gave.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="LastWritten">When it was last written; the epoch when that could not be read.</param>
/// <param name="Container">What the container says.</param>
/// <param name="Failure">Why it could not be opened; null when it could.</param>
/// <param name="Gone">It vanished between listing and opening: the recorder deleted it, which is its business.</param>
internal readonly record struct FileLook(long Length, DateTimeOffset LastWritten, ContainerReading Container, string? Failure, bool Gone)
{
    /// <summary>What the open file was when it was read.</summary>
    public FileStamp Stamp { get; init; }

    public static FileLook IsGone { get; } = new(0, default, default, null, Gone: true);

    public static FileLook Failed(string reason) => new(0, DateTimeOffset.UnixEpoch, default, reason, Gone: false);
}
