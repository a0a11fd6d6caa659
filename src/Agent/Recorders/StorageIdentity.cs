using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Agent.Recorders;

/// <summary>
/// What the platform calls the storage a folder lies on, as far as that is told cheaply and stays the same over a restart: on Linux the
/// file system's UUID, on Windows the volume's serial number. Network folders and file systems in memory have none.
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
            return OperatingSystem.IsLinux() ? OfFileSystem(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The device that a folder's file system lies on, by the innermost mount above it; null when it is no device.</summary>
    /// <param name="mounts">Lines as in <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</param>
    /// <param name="path">A full path without links.</param>
    internal static string? DeviceOf(IEnumerable<string> mounts, string path)
    {
        string? device = null;
        var longest = -1;
        foreach (var mount in mounts)
        {
            var halves = mount.Split(" - ", 2);
            if (halves.Length != 2 || halves[0].Split(' ') is not { Length: > 4 } before || halves[1].Split(' ') is not { Length: > 1 } after)
                continue;

            // The later of two mounts on one place covers the earlier.
            var point = Unescaped(before[4]);
            if (point.Length >= longest && (path == point || point == "/" || path.StartsWith(point + "/", StringComparison.Ordinal)))
                (longest, device) = (point.Length, Unescaped(after[1]));
        }

        return device is not null && device.StartsWith("/dev/", StringComparison.Ordinal) ? device : null;
    }

    [SupportedOSPlatform("linux")]
    static string? OfFileSystem(string path)
    {
        if (DeviceOf(File.ReadLines(Mounts), RealPath(path)) is not { } device || !Directory.Exists(ByUuid))
            return null;

        var real = RealPath(device);
        return Directory.EnumerateFiles(ByUuid).Where(link => RealPath(link) == real).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();
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
    static string? OfVolume(string path) =>
        Path.GetPathRoot(Path.GetFullPath(path)) is { Length: > 0 } root && !root.StartsWith(@"\\", StringComparison.Ordinal)
        && VolumeInformation(root, 0, 0, out var serial, 0, 0, 0, 0)
            ? serial.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)
            : null;

    [LibraryImport("kernel32", EntryPoint = "GetVolumeInformationW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VolumeInformation(string root, nint name, uint nameLength, out uint serial, nint longestName, nint flags, nint fileSystem, uint fileSystemLength);
}
