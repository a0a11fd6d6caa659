using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Agent.Probing.Files.Volumes;

/// <summary>What a volume answers when it is asked. Asking can take for ever where the volume is another machine's.</summary>
/// <param name="CapacityBytes">All of it.</param>
/// <param name="FreeBytes">What whoever writes there may still take.</param>
/// <param name="FileSystemId">The file system's own number; 0 where it has none.</param>
internal sealed partial record VolumeSize(long CapacityBytes, long FreeBytes, ulong FileSystemId)
{
    // Larger than statvfs(3)'s structure anywhere.
    const int Room = 512;

    /// <exception cref="IOException">The volume answers with an error; <see cref="Exception.HResult"/> holds its number.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be asked.</exception>
    public static VolumeSize Of(string path)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
            return Asked(path);
        var drive = new DriveInfo(path);
        return new VolumeSize(drive.TotalSize, drive.AvailableFreeSpace, 0);
    }

    // On 64 bits glibc and musl lay the structure out alike: fragment size, blocks, blocks for everybody and the id in words 1, 2, 4 and 8.
    static VolumeSize Asked(string path)
    {
        Span<byte> answer = stackalloc byte[Room];
        answer.Clear();
        if (Ask(path, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException("The volume answers with an error.", error);
        }

        var unit = Word(answer, 1);
        return new VolumeSize(Bytes(Word(answer, 2), unit), Bytes(Word(answer, 4), unit), Word(answer, 8));
    }

    static ulong Word(ReadOnlySpan<byte> answer, int index) => BinaryPrimitives.ReadUInt64LittleEndian(answer[(8 * index)..]);

    static long Bytes(ulong blocks, ulong unit) => (long)UInt128.Min((UInt128)blocks * unit, long.MaxValue);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ask(string path, ref byte answer);
}
