using System.Runtime.CompilerServices;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files.Indexing;

/// <summary>Asks the system what a folder lies on.</summary>
internal static class FolderVolume
{
    const int MostStatus = 256; // more than any struct statfs

    public static VolumeKind KindOf(string path) => OperatingSystem.IsWindows() ? OfDrive(path) : PosixCalls.AreThere ? OfMount(path) : VolumeKind.Network;

    static unsafe VolumeKind OfMount(string path)
    {
        var status = stackalloc byte[MostStatus];
        using var name = new PosixName(path, stackalloc byte[PosixName.Usual]);
        fixed (byte* text = name.Bytes)
            if (PosixCalls.StatVolume(text, status) != 0)
                return VolumeKind.Network; // the careful answer
        // linux/magic.h; the first field of struct statfs is as wide as a pointer.
        return (uint)Unsafe.ReadUnaligned<nint>(status) switch
        {
            0x4D44 or 0x2011BAB0 => VolumeKind.Fat,
            0x6969 or 0x517B or 0xFF534D42 or 0xFE534D42 or 0x65735546 or 0x01021997 or 0x00C36400 or 0x5346414F or 0x6B414653 or 0x0BD00BD0 => VolumeKind.Network,
            _ => VolumeKind.Local,
        };
    }

    static VolumeKind OfDrive(string path)
    {
        try
        {
            var root = Path.GetPathRoot(path);
            if (string.IsNullOrEmpty(root) || root.StartsWith(@"\\", StringComparison.Ordinal))
                return VolumeKind.Network;
            var drive = new DriveInfo(root);
            return drive.DriveType == DriveType.Network ? VolumeKind.Network
                : drive.DriveFormat.Contains("FAT", StringComparison.OrdinalIgnoreCase) ? VolumeKind.Fat
                : VolumeKind.Local;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return VolumeKind.Network;
        }
    }
}
