namespace Agent.Keys;

/// <summary>
/// Small files of the data directory that make the agent who it is. A file appears whole or not at all, and an existing one is
/// never overwritten by a second process that starts at the same moment.
/// </summary>
/// <remarks>
/// The rename is made durable by the ledger, whose first commit syncs the same directory. A power cut before that loses an
/// identity that has signed nothing.
/// </remarks>
static class KeyFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    const UnixFileMode Others = (UnixFileMode)0b000_111_111;

    /// <summary>Reads a secret, or makes it when there is none yet. The winner of a race is what every process reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="make">Gives the content of a new file.</param>
    /// <returns>The content of the file.</returns>
    /// <exception cref="KeyFileException">Others than the owner may read or write it.</exception>
    public static byte[] ReadOrMakeSecret(string path, Func<byte[]> make)
    {
        if (!File.Exists(path))
            Place(path, make(), OwnerOnly, overwrite: false);

        RefuseExposed(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Reads a file that is no secret, or makes it when there is none yet.</summary>
    public static byte[] ReadOrMake(string path, Func<byte[]> make)
    {
        if (!File.Exists(path))
            Place(path, make(), Readable, overwrite: false);

        return File.ReadAllBytes(path);
    }

    /// <summary>Writes a file anybody may read, unless it already says the same.</summary>
    public static void Publish(string path, byte[] content)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            Place(path, content, Readable, overwrite: true);
    }

    static void Place(string path, byte[] content, UnixFileMode mode, bool overwrite)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(draft, OptionsOf(mode)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            // The process's umask may have taken rights away that a published file needs; a secret never gains any.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(draft, mode);

            File.Move(draft, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            // Another process was first; its file counts.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // The one place where Windows differs: its file inherits the access list of the data directory, which the installer limits to
    // the service account and administrators. Binding the content to the machine (DPAPI) belongs here and in ReadOrMakeSecret.
    static FileStreamOptions OptionsOf(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }

    static void RefuseExposed(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0)
            throw new KeyFileException(path,
                $"others than its owner may use it (mode {Convert.ToString((int)mode, 8)}). "
                + "Whoever read it may know its secret: decide whether to enrol anew, then set its mode to 600");
    }
}
