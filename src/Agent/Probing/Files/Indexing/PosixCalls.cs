using System.Runtime.InteropServices;

namespace Agent.Probing.Files.Indexing;

/// <summary>The few calls of the C library that listing a million files needs without an object for each. Linux only.</summary>
internal static unsafe partial class PosixCalls
{
    public const int WorkingFolder = -100;
    public const int NotFollowed = 0x100; // AT_SYMLINK_NOFOLLOW
    public const int OfDescriptor = 0x1000; // AT_EMPTY_PATH
    public const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    public const int StatusBytes = 256; // sizeof(struct statx), fixed on every architecture

    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int NoAccess = 13;
    public const int NotAFolder = 20;
    public const int TooManyLinks = 40;

    const int NonBlocking = 0x800;
    const int CloseOnExec = 0x80000;
    const int NoAccessTime = 0x40000;

    // The flags whose values differ between the processors Linux recorders have.
    static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;
    static readonly int NoFollow = IsArm ? 0x8000 : 0x20000;
    static readonly int FolderOnly = IsArm ? 0x4000 : 0x10000;

    /// <summary>Whether the C library has them; an old one does not, and is served like Windows.</summary>
    public static bool AreThere { get; } = OperatingSystem.IsLinux() && Try();

    /// <summary>Opens a file or folder for reading, its access time left alone where that is permitted. Negative on failure, with the error set.</summary>
    public static int OpenQuietly(int folder, byte* name, bool isFolder, bool follow)
    {
        var flags = NonBlocking | CloseOnExec | (follow ? 0 : NoFollow) | (isFolder ? FolderOnly : 0);
        var descriptor = OpenAt(folder, name, flags | NoAccessTime, 0);
        return descriptor < 0 && Marshal.GetLastPInvokeError() == NotPermitted ? OpenAt(folder, name, flags, 0) : descriptor;
    }

    static bool Try()
    {
        try
        {
            var status = stackalloc byte[StatusBytes];
            fixed (byte* root = "/"u8)
                if (StatX(WorkingFolder, root, 0, BasicFields, status) != 0)
                    return false;
            return GetEntries(-1, status, StatusBytes) < 0; // a bad descriptor: the call is there, and says no
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenAt(int folder, byte* name, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int StatX(int folder, byte* name, int flags, uint fields, byte* status);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint GetEntries(int folder, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int StatVolume(byte* path, byte* status);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Close(int descriptor);
}
