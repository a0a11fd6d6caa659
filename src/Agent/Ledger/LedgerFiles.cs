namespace Agent.Ledger;

/// <summary>What stands beside the database in the data directory, and how one database takes the place of another.</summary>
sealed class LedgerFiles(string directory)
{
    /// <summary>A person removes it when they have looked: until then the agent is not ready.</summary>
    public const string Unacknowledged = "NOT-ACKNOWLEDGED.txt";

    static readonly string[] Companions = ["-wal", "-shm"];

    public string Database { get; } = Path.Combine(directory, LedgerReadStore.FileName);

    /// <summary>While it exists the next opening looks at everything, not only at the newest entries.</summary>
    public string Suspect { get; } = Path.Combine(directory, "ledger.suspect");

    public string Witness { get; } = Path.Combine(directory, "ledger.head");

    public string Reserve { get; } = Path.Combine(directory, "ledger.reserve");

    public string Quarantine { get; } = Path.Combine(directory, "quarantine");

    /// <summary>The new database while it is being made.</summary>
    public string Rebuilding { get; } = Path.Combine(directory, "ledger.rebuilding");

    // Exists if and only if the new database is finished and has not taken its place yet.
    string Rebuilt { get; } = Path.Combine(directory, "ledger.rebuilt");

    /// <summary>What a person has not acknowledged yet; null when there is nothing.</summary>
    public string? Damage => Directory.Exists(Quarantine)
        ? Directory.EnumerateFiles(Quarantine, Unacknowledged, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadLines).Select(lines => lines.FirstOrDefault() ?? "").LastOrDefault()
        : null;

    /// <summary>Asks the next opening for a whole check.</summary>
    public void MarkSuspect(string why) => File.WriteAllText(Suspect, why + "\n");

    /// <summary>Makes a folder for what is no longer trusted, with the word for a person.</summary>
    public string OpenQuarantine(DateTimeOffset now, string fault)
    {
        var folder = FreeFolder(now);
        Directory.CreateDirectory(folder);
        Tell(folder, fault);
        return folder;
    }

    /// <summary>
    /// Puts a copy of the database as it is into quarantine. A copy, because a move of three files can be cut in two, and a log beside the
    /// wrong database would be played into it.
    /// </summary>
    /// <returns>The copied database.</returns>
    /// <exception cref="LedgerWriteException">There is no room for it.</exception>
    public string CopyToQuarantine(DateTimeOffset now, string fault)
    {
        // In one place until it is whole, so that starts that fail for want of room leave no copy each.
        var unfinished = Path.Combine(Quarantine, "unfinished");
        try
        {
            DeleteFolder(unfinished);
            Directory.CreateDirectory(unfinished);
            foreach (var companion in Companions.Append(""))
                if (File.Exists(Database + companion))
                    File.Copy(Database + companion, Path.Combine(unfinished, LedgerReadStore.FileName) + companion);
            Tell(unfinished, fault);
            var folder = FreeFolder(now);
            Directory.Move(unfinished, folder);
            return Path.Combine(folder, LedgerReadStore.FileName);
        }
        catch (IOException e)
        {
            DeleteFolder(unfinished);
            throw new LedgerWriteException(Database, e);
        }
    }

    string FreeFolder(DateTimeOffset now)
    {
        var name = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var folder = Path.Combine(Quarantine, name);
        for (var i = 2; Directory.Exists(folder); i++)
            folder = Path.Combine(Quarantine, $"{name}-{i}");
        return folder;
    }

    static void Tell(string folder, string fault) => File.WriteAllText(Path.Combine(folder, Unacknowledged),
        $"{fault}\nThe ledger went on in a new epoch. Keep this folder for whoever examines it; remove this one file when you have looked.\n");

    static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Gives the new database, closed and complete, the place of the old. From here on a crash changes nothing: the next opening goes on.</summary>
    public void Replace()
    {
        File.Move(Rebuilding, Rebuilt, overwrite: true);
        FinishReplacement();
    }

    public void FinishReplacement()
    {
        if (!File.Exists(Rebuilt))
            return;
        foreach (var companion in Companions)
            File.Delete(Database + companion);
        File.Move(Rebuilt, Database, overwrite: true);
    }

    public void DeleteRebuilding()
    {
        foreach (var companion in Companions.Append("-journal").Append(""))
            File.Delete(Rebuilding + companion);
    }
}
