using System.Runtime.InteropServices;
using Agent.Probing.Files.Volumes;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files;

/// <summary>
/// Opens a recorder's file so that nobody notices: others may write, rename and delete it, no lock is taken, its access time stays
/// where permitted, a link is not followed, and a pipe named like a video does not hold us up.
/// </summary>
internal static partial class QuietFile
{
    const int NonBlocking = 0x800;
    const int CloseOnExec = 0x80000;
    const int NoAccessTime = 0x40000;

    // The one flag of these whose value differs between the processors Linux recorders have.
    static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    const int NotPermitted = 1;
    const int NoSuchFile = 2;
    const int PermissionDenied = 13;
    const int NotADirectory = 20;

    /// <summary>Opens for reading.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">Anything else.</exception>
    public static SafeFileHandle Open(string path)
    {
        ReadBudget.Spend();
        if (!OperatingSystem.IsLinux())
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        var flags = NonBlocking | CloseOnExec | NoFollow;
        var descriptor = OpenFile(path, flags | NoAccessTime);
        // Only the owner of a file may leave its access time alone.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NotPermitted)
            descriptor = OpenFile(path, flags);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            NoSuchFile or NotADirectory => new FileNotFoundException("The file is not there.", path),
            NotPermitted or PermissionDenied => new UnauthorizedAccessException("The file may not be read."),
            _ => new IOException("The file cannot be opened.", error),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);
}
