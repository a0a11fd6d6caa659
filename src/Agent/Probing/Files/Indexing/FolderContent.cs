namespace Agent.Probing.Files.Indexing;

/// <summary>What listing one folder gave.</summary>
internal sealed class FolderContent
{
    /// <summary>Names of footage files, in ordinal order. U+FFFD stands for what is not UTF-8.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Names among <see cref="Files"/> that cannot be spelled, so that they cannot be opened either.</summary>
    public HashSet<string> Unspeakable { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of folders, in ordinal order.</summary>
    public List<string> Below { get; } = [];

    /// <summary>Folders whose names cannot be spelled.</summary>
    public List<string> UnspeakableBelow { get; } = [];

    /// <summary>Links, not followed.</summary>
    public int Links { get; set; }

    /// <summary>Why not all of it could be listed; null when it could. What was listed before the failure stands.</summary>
    public string? Failure { get; set; }

    /// <summary>The failure is one of permission, which does not come and go by itself.</summary>
    public bool Denied { get; set; }

    public void Sort()
    {
        Files.Sort(StringComparer.Ordinal);
        Below.Sort(StringComparer.Ordinal);
        UnspeakableBelow.Sort(StringComparer.Ordinal);
    }
}
