using System.Text.Json;

namespace AuditServer.Fleet;

/// <summary>What is last known of one agent. All of it is null or 0 for an agent that was pinned and has never been heard of.</summary>
sealed record SiteState
{
    public required string Site { get; init; }

    public required string Agent { get; init; }

    /// <summary>Whether no key that is still believed is pinned for the agent.</summary>
    public required bool Revoked { get; init; }

    public Guid? Epoch { get; init; }

    /// <summary>The newest heartbeat of the newest epoch that has one.</summary>
    public long? Seq { get; init; }

    /// <summary>When the agent says it made that heartbeat.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>When it came here.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Whole seconds since it was heard: how long the agent has been silent.</summary>
    public long? SilentSeconds { get; init; }

    /// <summary>When a statement of any kind, heartbeat or tick, was last accepted.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>When the next one must have come, or the agent is missed.</summary>
    public DateTimeOffset? ExpectedBy { get; init; }

    /// <summary>Since when it is missed; null when it is not.</summary>
    public DateTimeOffset? MissedSince { get; init; }

    /// <summary>When it last attested, freshly, where it stands.</summary>
    public DateTimeOffset? AttestedAt { get; init; }

    /// <summary>Whole seconds from <see cref="Time"/> to <see cref="ReceivedAt"/>, as in the receipt.</summary>
    public long? LateSeconds { get; init; }

    /// <summary>Hash of that heartbeat's ledger entry.</summary>
    public string? Head { get; init; }

    /// <summary>How many findings are stored about the agent, in all its epochs.</summary>
    public long Findings { get; init; }

    /// <summary>The heartbeat's body as the agent signed it: cameras, verdicts, evidence.</summary>
    public JsonElement? Heartbeat { get; init; }

    /// <summary>For each camera what the agent claims and what this server comes to by its own policy; null when it could not be judged.</summary>
    public JsonElement? Verdicts { get; init; }

    /// <summary>The receipt that was given for it, as this server signed it: when it came, what was noticed, whether judging it again agrees.</summary>
    public JsonElement? Receipt { get; init; }

    /// <summary>The same as a compact JWS, for whoever checks the signature.</summary>
    public string? ReceiptJws { get; init; }
}
