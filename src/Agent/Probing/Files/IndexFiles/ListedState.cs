namespace Agent.Probing.Files.IndexFiles;

/// <summary>What a recorder's own index tells of a recording. The numbers stand in the directory index: never give one another meaning.</summary>
internal enum ListedState
{
    /// <summary>It covers its range.</summary>
    Whole = 0,

    /// <summary>The same, and the recorder is still writing it.</summary>
    Open = 1,

    /// <summary>Somewhere within its range there may be footage, nobody knows where.</summary>
    Uncertain = 2,
}
