using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Agent.Recorders;

/// <summary>
/// What tells the storage of one recorder from any other, as far as that is had cheaply and stays the same over a restart and at another
/// mount point: what the platform calls the volume (on Linux the file system's UUID, on Windows its serial number), and where on it the
/// recordings lie. Network folders and file systems in memory have none. It names a folder, so that it never travels as it is.
/// </summary>
static partial class StorageIdentity
{
    const string Mounts = "/proc/self/mountinfo";
    const string ByUuid = "/dev/disk/by-uuid";

    /// <summary>The identity; null when it is not known.</summary>
    public static string? Of(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                return OfVolume(path);
            return OperatingSystem.IsLinux() ? OfFileSystem(File.ReadLines(Mounts), ByUuid, path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The device that a folder's file system lies on, by the innermost mount above it, and where the folder is on it; null when it is no device.</summary>
    /// <param name="mounts">Lines as in <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</param>
    /// <param name="path">A full path without links.</param>
    internal static (string Device, string Folder)? PlaceOf(IEnumerable<string> mounts, string path)
    {
        (string Device, string Folder)? place = null;
        var longest = -1;
        foreach (var mount in mounts)
        {
            var halves = mount.Split(" - ", 2);
            if (halves.Length != 2 || halves[0].Split(' ') is not { Length: > 4 } before || halves[1].Split(' ') is not { Length: > 1 } after)
                continue;

            // The later of two mounts on one place covers the earlier.
            var point = Unescaped(before[4]);
            if (point.Length < longest || !(path == point || point == "/" || path.StartsWith(point + "/", StringComparison.Ordinal)))
                continue;

            // Not all of a file system need be mounted here: the fourth field says from where in it.
            (longest, place) = (point.Length, (Unescaped(after[1]), $"{Unescaped(before[3])}/{path[point.Length..]}"));
        }

        return place is ({ } device, { } folder) && device.StartsWith("/dev/", StringComparison.Ordinal)
            ? (device, $"/{string.Join('/', folder.Split('/', StringSplitOptions.RemoveEmptyEntries))}")
            : null;
    }

    /// <summary>The identity on Linux.</summary>
    /// <param name="mounts">As for <see cref="PlaceOf"/>.</param>
    /// <param name="byUuid">A folder of links to devices, each named like the UUID of the file system on it.</param>
    /// <param name="path">The folder.</param>
    internal static string? OfFileSystem(IEnumerable<string> mounts, string byUuid, string path)
    {
        if (PlaceOf(mounts, RealPath(path)) is not var (device, folder) || !Directory.Exists(byUuid))
            return null;

        var real = RealPath(device);
        var uuid = Directory.EnumerateFiles(byUuid).Where(link => RealPath(link) == real).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();
        return uuid is null ? null : $"{uuid}\n{folder}";
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

    // A space, a tab, a line break and a backslash stand as three octal digits.
    static string Unescaped(string field) => field.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

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
