namespace AuditServer.Intake;

/// <summary>Where a delivered statement stands among what is stored, as one look at the tables gave it.</summary>
sealed record Place
{
    /// <summary>The id of its chain; null when nothing of this epoch was heard before.</summary>
    public required long? Chain { get; init; }

    /// <summary>The highest statement of the chain.</summary>
    public required long Head { get; init; }

    /// <summary>The highest heartbeat of the chain; 0 when there is none.</summary>
    public required long Beat { get; init; }

    /// <summary>How many epochs of the agent are known.</summary>
    public required long Epochs { get; init; }

    /// <summary>Entry hash and receipt of the statement that was accepted with this number.</summary>
    public required (string Hash, string Receipt)? Known { get; init; }

    /// <summary>Entry hash of the statement this one follows; null when that one is not stored.</summary>
    public required string? Previous { get; init; }

    /// <summary>Whether something was accepted above it, or below it and not followed: only then can anything stored contradict it.</summary>
    public bool NeedsComparing(long after, string afterHash) => Chain is not null && (after != Head || Previous != afterHash);
}
