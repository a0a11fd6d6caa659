namespace Agent.Keys;

/// <summary>
/// Small files of the data directory that make the agent who it is. A file appears whole or not at all, is on the disk when a call
/// returns, and an existing one is never overwritten by a second process that starts at the same moment.
/// </summary>
static class KeyFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Reads a secret, or makes it when there is none yet. The winner of a race is what every process reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="make">Gives the content of a new file.</param>
    /// <param name="protection">How it lies at rest; as this machine offers when null.</param>
    /// <returns>The secret.</returns>
    /// <exception cref="KeyFileException">Others than the agent may use it, or it was made on another machine.</exception>
    public static byte[] ReadOrMakeSecret(string path, Func<byte[]> make, ISecretProtection? protection = null)
    {
        protection ??= SecretProtection.OfThisMachine;
        if (protection.Read(path) is { } secret)
            return secret;

        Place(path, protection.Seal(make()), OwnerOnly, overwrite: false);
        return protection.Read(path) ?? throw new KeyFileException(path, "it vanished as soon as it was made");
    }

    /// <summary>Writes a secret over whatever is there.</summary>
    public static void WriteSecret(string path, byte[] secret, ISecretProtection? protection = null) =>
        Place(path, (protection ?? SecretProtection.OfThisMachine).Seal(secret), OwnerOnly, overwrite: true);

    /// <summary>Writes a file that only the agent may read, though it needs no further protection.</summary>
    public static void WritePrivate(string path, byte[] content) => Place(path, content, OwnerOnly, overwrite: true);

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

    /// <summary>Makes renames and new names in a folder outlive a power cut.</summary>
    public static void Sync(string folder)
    {
        // Windows journals the names itself.
        if (OperatingSystem.IsLinux())
            UnixFolder.Sync(folder);
    }

    static void Place(string path, byte[] content, UnixFileMode mode, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
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
            if (OperatingSystem.IsLinux())
                UnixFolder.GiveToOwnerOf(folder, draft);

            // A move that looks first whether the name is free finds it free twice when two look at the same moment.
            if (overwrite || !OperatingSystem.IsLinux() || !UnixFolder.Link(draft, path))
                File.Move(draft, path, overwrite);
            Sync(folder);
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

    // On Windows the file inherits the access list of the data directory.
    static FileStreamOptions OptionsOf(UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }
}
