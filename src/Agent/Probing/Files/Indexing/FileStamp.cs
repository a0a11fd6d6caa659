using System.Runtime.CompilerServices;

namespace Agent.Probing.Files.Indexing;

/// <summary>What tells that a file or folder is not what it was. Times are UTC ticks.</summary>
/// <param name="Size">Bytes; zero for folders.</param>
/// <param name="Modified">When its content was last written.</param>
/// <param name="Changed">When anything of it changed, which nobody can set; zero where the system has no such time.</param>
/// <param name="Volume">The volume it lies on, as far as the system numbers them.</param>
internal readonly record struct FileStamp(long Size, long Modified, long Changed, ulong Volume)
{
    const int KindMask = 0xF000;
    const int FolderKind = 0x4000;
    const int FileKind = 0x8000;

    public DateTimeOffset LastWritten => new(Modified, TimeSpan.Zero);

    /// <summary>Whether both are of the same bytes, whichever number their volume has after a restart.</summary>
    public bool IsSame(FileStamp other) => Size == other.Size && Modified == other.Modified && Changed == other.Changed;

    /// <summary>Reads a <c>struct statx</c> (linux/stat.h).</summary>
    public static unsafe FileStamp Of(byte* status, out bool isFolder, out bool isFile)
    {
        var kind = *(ushort*)(status + 28) & KindMask;
        isFolder = kind == FolderKind;
        isFile = kind == FileKind;
        var volume = ((ulong)*(uint*)(status + 136) << 32) | *(uint*)(status + 140);
        return new FileStamp(isFolder ? 0 : *(long*)(status + 40), Ticks(status + 112), Ticks(status + 96), volume);
    }

    static unsafe long Ticks(byte* time) => Clamp(*(long*)time) * TimeSpan.TicksPerSecond + DateTime.UnixEpoch.Ticks + *(uint*)(time + 8) / 100;

    // What no calendar holds is as good as never.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Clamp(long seconds) => Math.Clamp(seconds, -62_135_596_800, 253_402_300_799);
}
