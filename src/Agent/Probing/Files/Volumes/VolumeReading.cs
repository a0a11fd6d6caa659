namespace Agent.Probing.Files.Volumes;

/// <summary>The volume of a recorder at one look. Names of places and shares stay on this host.</summary>
internal sealed record VolumeReading
{
    // A recorder that overwrites keeps a little room; less than this is none.
    const long LeastRoom = 16L << 20;

    public required VolumeState State { get; init; }

    /// <summary>Where it is mounted.</summary>
    public required string Point { get; init; }

    /// <summary>The file system's name; empty when not known.</summary>
    public required string FileSystem { get; init; }

    public required VolumeKind Kind { get; init; }

    /// <summary>Null when it did not say.</summary>
    public long? CapacityBytes { get; init; }

    /// <summary>What can still be written; null when it did not say.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>The file system takes no writes, from anybody.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Footage of before this instant lies on a volume that is not here; null when nothing does.</summary>
    public DateTimeOffset? UnseenBefore { get; init; }

    /// <summary>Nothing more can be written, though the file system would take it.</summary>
    public bool IsFull => !IsReadOnly && FreeBytes < LeastRoom && FreeBytes < CapacityBytes / 100;

    /// <summary>What the probe tells of it.</summary>
    public IReadOnlyList<ProbeProblem> Problems { get; init; } = [];
}
