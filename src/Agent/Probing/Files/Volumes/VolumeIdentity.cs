using System.Globalization;

namespace Agent.Probing.Files.Volumes;

/// <summary>Which volume it is, however it is mounted today.</summary>
internal static class VolumeIdentity
{
    /// <summary>Where udev links every disk under the UUID of its file system.</summary>
    internal const string ByUuid = "/dev/disk/by-uuid";

    /// <summary>
    /// "uuid:…" of a disk's file system, "source:…" of a share, "id:…" where only the file system's number is known, and empty where
    /// nothing lasts: layers and memory are new at every start.
    /// </summary>
    public static string Of(Mount mount, VolumeSize size) => mount.Kind switch
    {
        VolumeKind.Network => $"source:{mount.Source}",
        VolumeKind.Overlay or VolumeKind.Memory or VolumeKind.Unknown => "",
        _ when UuidOf(mount.Source, ByUuid) is { } uuid => $"uuid:{uuid}",
        _ when size.FileSystemId != 0 => string.Create(CultureInfo.InvariantCulture, $"id:{size.FileSystemId:x}"),
        _ => "",
    };

    /// <summary>Whether two identities are of different volumes. What was told in two ways cannot be compared, and then it is not.</summary>
    public static bool Differ(string one, string other) =>
        one.Length > 0 && other.Length > 0 && one != other && one[..(one.IndexOf(':', StringComparison.Ordinal) + 1)] == other[..(other.IndexOf(':', StringComparison.Ordinal) + 1)];

    /// <summary>
    /// The UUID of the file system on a device; null when it has none that is known. Device names change with the order in which disks are
    /// found; what links to them under the UUID does not.
    /// </summary>
    /// <param name="device">Its path.</param>
    /// <param name="byUuid">A folder of links to devices, each named like the UUID.</param>
    internal static string? UuidOf(string device, string byUuid)
    {
        if (!device.StartsWith("/dev/", StringComparison.Ordinal) || !Directory.Exists(byUuid))
            return null;
        var real = Resolved(device);
        return Directory.EnumerateFileSystemEntries(byUuid).Order(StringComparer.Ordinal).FirstOrDefault(link => Resolved(link) == real) is { } found ? Path.GetFileName(found) : null;
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
