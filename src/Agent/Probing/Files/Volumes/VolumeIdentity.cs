using System.Globalization;

namespace Agent.Probing.Files.Volumes;

/// <summary>Which volume it is, however it is mounted today.</summary>
internal static class VolumeIdentity
{
    const string ByUuid = "/dev/disk/by-uuid";

    /// <summary>
    /// "uuid:…" of a disk's file system, "source:…" of a share, "id:…" where only the file system's number is known, and empty where
    /// nothing lasts: layers and memory are new at every start.
    /// </summary>
    public static string Of(Mount mount, VolumeSize size) => mount.Kind switch
    {
        VolumeKind.Network => $"source:{mount.Source}",
        VolumeKind.Overlay or VolumeKind.Memory or VolumeKind.Unknown => "",
        _ when UuidOf(mount.Source) is { } uuid => $"uuid:{uuid}",
        _ when size.FileSystemId != 0 => string.Create(CultureInfo.InvariantCulture, $"id:{size.FileSystemId:x}"),
        _ => "",
    };

    /// <summary>Whether two identities are of different volumes. What was told in two ways cannot be compared, and then it is not.</summary>
    public static bool Differ(string one, string other) =>
        one.Length > 0 && other.Length > 0 && one != other && one[..(one.IndexOf(':', StringComparison.Ordinal) + 1)] == other[..(other.IndexOf(':', StringComparison.Ordinal) + 1)];

    // Device names change with the order in which disks are found; what udev links under the file system's UUID does not.
    static string? UuidOf(string device)
    {
        if (!device.StartsWith("/dev/", StringComparison.Ordinal) || !Directory.Exists(ByUuid))
            return null;
        var real = Resolved(device);
        return Directory.EnumerateFileSystemEntries(ByUuid).FirstOrDefault(link => Resolved(link) == real) is { } found ? Path.GetFileName(found) : null;
    }

    static string Resolved(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
