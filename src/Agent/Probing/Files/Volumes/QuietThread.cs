using System.Runtime.InteropServices;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// Makes the current thread give way: it reads the disk only when nobody else wants to, and takes the processor after others. Threads it
/// starts inherit that. There is no way back, so it is for threads that do nothing else. The kernel's schedulers see to it that such a thread
/// is late and never left out.
/// </summary>
internal static partial class QuietThread
{
    // ioprio_set(2): this thread, class idle (3) in the upper bits.
    const int ThisThread = 1;
    const int Idle = 3 << 13;

    // setpriority(2): on Linux 0 is the calling thread, not its process.
    const int Process = 0;
    const int Nice = 10;

    const int BackgroundMode = 0x00010000;

    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            // Neither can matter to what is read: where it is not allowed, it is not quiet.
            if (IoPriorityCall is { } number)
                _ = SystemCall(number, ThisThread, 0, Idle);
            _ = SetPriority(Process, 0, Nice);
        }
        else if (OperatingSystem.IsWindows())
        {
            // Lowers what it reads as well; kept until the thread ends.
            if (!SetThreadPriority(GetCurrentThread(), BackgroundMode))
                Thread.CurrentThread.Priority = ThreadPriority.Lowest;
        }
    }

    static int? IoPriorityCall => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 251,
        Architecture.Arm64 => 30,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint which, nint who, nint priority);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int value);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetCurrentThread();

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetThreadPriority(nint thread, int priority);
}
