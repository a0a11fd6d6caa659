namespace Agent.Probing.Files;

/// <summary>Finds ffprobe on this machine.</summary>
internal static class FfprobeLocation
{
    const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Full path of the program, from the configured one or from PATH; null when there is none.</summary>
    public static string? Find(string configured) =>
        configured.Length > 0
            ? IsProgram(configured) ? Path.GetFullPath(configured) : null
            : OnPath(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>The first ffprobe in the folders of a PATH. Relative folders are passed over: what lies in a working folder is not ours to start.</summary>
    internal static string? OnPath(string path)
    {
        var name = OperatingSystem.IsWindows() ? "ffprobe.exe" : "ffprobe";
        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Join(folder, name))
            .FirstOrDefault(IsProgram);
    }

    static bool IsProgram(string path)
    {
        try
        {
            return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
