using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// What tells the storage of one recorder from any other, as far as that is had cheaply and stays the same over a restart and at another
/// mount point: what the platform calls the volume (on Linux the file system's UUID, on Windows its serial number), and where on it the
/// recordings lie. Network folders and file systems in memory have none. It names a folder, so that it never travels as it is.
/// </summary>
static partial class StorageIdentity
{
    /// <summary>The identity; null when it is not known.</summary>
    public static string? Of(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                return OfVolume(path);
            return OperatingSystem.IsLinux() ? OfFileSystem(MountTable.Read(), VolumeIdentity.ByUuid, path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The device that a folder's file system lies on, by the innermost mount above it, and where the folder is on it; null when it is no device.</summary>
    /// <param name="mounts">What is mounted where.</param>
    /// <param name="path">A full path without links.</param>
    internal static (string Device, string Folder)? PlaceOf(MountTable mounts, string path)
    {
        if (mounts.Of(path) is not { } mount || !mount.Source.StartsWith("/dev/", StringComparison.Ordinal))
            return null;
        // Not all of a file system need be mounted here: its root says from where in it.
        return (mount.Source, $"/{string.Join('/', $"{mount.Root}/{path[mount.Point.Length..]}".Split('/', StringSplitOptions.RemoveEmptyEntries))}");
    }

    /// <summary>The identity on Linux.</summary>
    /// <param name="mounts">As for <see cref="PlaceOf"/>.</param>
    /// <param name="byUuid">A folder of links to devices, each named like the UUID of the file system on it.</param>
    /// <param name="path">The folder.</param>
    internal static string? OfFileSystem(MountTable mounts, string byUuid, string path)
    {
        if (PlaceOf(mounts, RealPath(path)) is not var (device, folder))
            return null;
        return VolumeIdentity.UuidOf(device, byUuid) is { } uuid ? $"{uuid}\n{folder}" : null;
    }

    // Every part of a path may be a link, and only the platform resolves them as a whole.
    static string RealPath(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in Path.GetFullPath(path)[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }

        return real;
    }

    [SupportedOSPlatform("windows")]
    static string? OfVolume(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetPathRoot(full) is { Length: > 0 } root && !root.StartsWith(@"\\", StringComparison.Ordinal)
            && VolumeInformation(root, 0, 0, out var serial, 0, 0, 0, 0)
            ? $"{serial.ToString("x8", CultureInfo.InvariantCulture)}\n{full[root.Length..].ToUpperInvariant()}"
            : null;
    }

    [LibraryImport("kernel32", EntryPoint = "GetVolumeInformationW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VolumeInformation(string root, nint name, uint nameLength, out uint serial, nint longestName, nint flags, nint fileSystem, uint fileSystemLength);
}
