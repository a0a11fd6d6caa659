namespace Agent.Probing.Files.Volumes;

/// <summary>A volume as this machine has it mounted.</summary>
/// <param name="Point">Where, a full path without a slash at its end ("/" is itself).</param>
/// <param name="FileSystem">Its name, such as ext4 or nfs4; empty where nobody said.</param>
/// <param name="Source">The device or share, as it was named when it was mounted.</param>
/// <param name="IsReadOnly">The file system itself takes no writes. That our own view of it does not, as under systemd's protection, says nothing of the recorder.</param>
internal sealed record Mount(string Point, string FileSystem, string Source, bool IsReadOnly)
{
    /// <summary>The folder of the file system that is mounted; "/" when it is all of it.</summary>
    public string Root { get; init; } = "/";

    public VolumeKind Kind => VolumeKinds.Of(FileSystem);

    public bool Holds(string path) => Point == "/" || path == Point || path.StartsWith(Point + "/", StringComparison.Ordinal);
}
