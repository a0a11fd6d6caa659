namespace Agent.Probing.Files.Indexing;

/// <summary>What reading a file came to. The numbers stand in the index: never give one another meaning.</summary>
internal enum FileState
{
    /// <summary>Footage from its start to its end.</summary>
    Footage = 1,

    /// <summary>The same, and its header promises more than is there.</summary>
    Truncated = 2,

    /// <summary>Nothing tells its end yet.</summary>
    NoEnd = 3,

    Empty = 4,

    /// <summary>Not a container we can read.</summary>
    UnreadableContainer = 5,

    /// <summary>It could not be opened or read.</summary>
    UnreadableFile = 6,

    /// <summary>More time than its bytes can hold.</summary>
    BeyondItsBytes = 7,

    /// <summary>Its name says a time that cannot be, or one that is not yet.</summary>
    OutOfTime = 8,

    /// <summary>Its name does not fit the layout.</summary>
    UnrecognisedName = 9,

    /// <summary>Its path does not tell the time, and its length and its last writing do not lie where the path says.</summary>
    NotOnItsDay = 10,

    /// <summary>Its path does not tell the time, and nothing in it tells its length.</summary>
    Unplaced = 11,

    /// <summary>The same, and it could not be opened or read.</summary>
    UnplacedUnreadable = 12,

    /// <summary>The recorder's own index, which could not be taken.</summary>
    UntakenIndex = 13,

    /// <summary>The recorder's own, and no footage.</summary>
    Beside = 14,

    /// <summary>The recorder's own index, and what it lists.</summary>
    Index = 15,

    /// <summary>More time than had passed when it was last written.</summary>
    LongerThanElapsed = 16,
}
