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

    string Unfinished => Path.Combine(Quarantine, "unfinished");

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
    /// Copies the database as it is. A copy, because a move of three files can be cut in two, and a log beside the wrong database would be
    /// played into it. It lies in one place until <see cref="KeepCopy"/>, so that openings that fail for want of room leave no copy each.
    /// </summary>
    /// <returns>The copied database.</returns>
    public string Copy()
    {
        Directory.CreateDirectory(Unfinished);
        foreach (var companion in Companions.Append(""))
            if (File.Exists(Database + companion))
                File.Copy(Database + companion, Path.Combine(Unfinished, LedgerReadStore.FileName) + companion);
        return Path.Combine(Unfinished, LedgerReadStore.FileName);
    }

    /// <summary>Puts the copy into quarantine, with the word for a person.</summary>
    public void KeepCopy(DateTimeOffset now, string fault)
    {
        Tell(Unfinished, fault);
        Directory.Move(Unfinished, FreeFolder(now));
    }

    /// <summary>Removes what an opening left that did not come to its end.</summary>
    public void DeleteUnfinished()
    {
        if (Directory.Exists(Unfinished))
            Directory.Delete(Unfinished, recursive: true);
        foreach (var companion in Companions.Append("-journal").Append(""))
            File.Delete(Rebuilding + companion);
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
}
