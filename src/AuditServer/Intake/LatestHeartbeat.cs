namespace AuditServer.Intake;

/// <summary>What is last known of one agent: when it was heard, and its newest heartbeat with the receipt that was given for it.</summary>
sealed record LatestHeartbeat
{
    public required string Site { get; init; }

    public required string Agent { get; init; }

    /// <summary>When a statement of any kind was last accepted.</summary>
    public required DateTimeOffset HeardAt { get; init; }

    /// <summary>How many findings are stored about the agent.</summary>
    public required long Findings { get; init; }

    /// <summary>Since when it is missed, when it is.</summary>
    public required DateTimeOffset? MissedSince { get; init; }

    /// <summary>When it last attested where it stands.</summary>
    public required DateTimeOffset? AttestedAt { get; init; }

    /// <summary>The newest heartbeat of the newest epoch that has one; null when there were only ticks.</summary>
    public required StoredStatement? Heartbeat { get; init; }
}
