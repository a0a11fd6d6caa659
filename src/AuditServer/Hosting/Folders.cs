namespace AuditServer.Hosting;

static class Folders
{
    /// <summary>Creates a folder for the server's own account only; on Windows it inherits the rights of its parent.</summary>
    public static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
