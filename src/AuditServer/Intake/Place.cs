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

    /// <summary>The cameras of the heartbeat at <see cref="Beat"/>; null when that is not known.</summary>
    public required string? Cameras { get; init; }

    /// <summary>What was told of the recorders when the agent was enrolled, see <see cref="Enrolments.RecorderList"/>; null when it was pinned by hand.</summary>
    public required string? Recorders { get; init; }

    /// <summary>Whether the receipt that the statement echoes was given to this agent.</summary>
    public required bool KnowsEcho { get; init; }

    /// <summary>Whether something waits to be asked of the agent.</summary>
    public required bool Asks { get; init; }

    /// <summary>Whether a finding of <see cref="OwnFindings"/> about the agent is open.</summary>
    public required bool IsFoundWorse { get; init; }

    /// <summary>Chain and number of the entry in which the key that signed gave its word for its successor; null while it is in use.</summary>
    public required (long Chain, long Seq)? Retired { get; init; }

    /// <summary>Whether the key had retired before this place in the agent's ledgers.</summary>
    public bool IsStale(long seq) => Retired is { } retired && (Chain is null || Chain > retired.Chain || (Chain == retired.Chain && seq > retired.Seq));

    /// <summary>Whether something was accepted above it, or below it and not followed: only then can anything stored contradict it.</summary>
    public bool NeedsComparing(long after, string afterHash) => Chain is not null && (after != Head || Previous != afterHash);
}
