namespace Agent.Probing.Files.Indexing;

/// <summary>What the system said when asked for a folder or a file in it.</summary>
internal enum FolderAnswer
{
    Open,

    /// <summary>It is not there: looked, and it is gone.</summary>
    Gone,

    /// <summary>It may not be read.</summary>
    Denied,

    /// <summary>Anything else; what it may hold is unknown.</summary>
    Failed,
}
