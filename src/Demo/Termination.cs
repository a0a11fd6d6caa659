using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Demo;

/// <summary>Asks a process to end in the way its service manager would; .NET itself can only kill.</summary>
internal static partial class Termination
{
    const int Terminate = 15; // SIGTERM, the same number on every Unix
    const uint ControlBreak = 1;

    /// <summary>Asks. Whether it obeys, and with which exit code, is for the caller to see.</summary>
    public static void Ask(Process process)
    {
        if (!OperatingSystem.IsWindows())
            _ = Kill(process.Id, Terminate);
        else if (!GenerateConsoleCtrlEvent(ControlBreak, (uint)process.Id))
            process.Kill();
    }

    /// <summary>Lets <see cref="Ask"/> reach this process alone: Windows sends console events to groups only.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
            start.CreateNewProcessGroup = true;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint controlEvent, uint processGroup);
}
