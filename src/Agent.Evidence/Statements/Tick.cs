namespace Agent.Evidence.Statements;

/// <summary>
/// What a signed tick says: the body of a ledger entry of type <c>tick</c>. It carries no evidence; that it came, in its place in the
/// chain, is what it says. See <see cref="TickCodec"/> for its bytes.
/// </summary>
public sealed record Tick
{
    /// <summary>The sequence number of the previous statement (heartbeat or tick) of this epoch; 0 when there is none.</summary>
    public required long After { get; init; }

    /// <summary>The site, as the authority calls it.</summary>
    public required string Site { get; init; }

    /// <summary>SHA-256 of the last receipt (the text of its JWS) this agent holds, lower-case hex; null when it holds none.</summary>
    public required string? Receipt { get; init; }

    /// <summary>How many statements wait for a receipt, this one not counted.</summary>
    public required long Pending { get; init; }

    /// <summary>How many statements the audit server refused for good.</summary>
    public required long SetAside { get; init; }
}
