namespace Agent.Ledger;

/// <summary>Names the run of the machine, so that the monotonic times of two entries are only compared within one.</summary>
static class BootId
{
    const string KernelFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>The kernel's own id; where it cannot be read, an id of this process, which claims less but never too much.</summary>
    public static string Current { get; } = Read();

    static string Read()
    {
        try
        {
            if (OperatingSystem.IsLinux() && Guid.TryParse(File.ReadAllText(KernelFile), out var boot))
                return boot.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A hardened unit may hide this part of /proc.
        }

        return Guid.NewGuid().ToString();
    }
}
