namespace Agent.Evidence.Chain;

/// <summary>
/// What a verifier already knows before the first entry. What is null is taken from the first entry and held from there on.
/// </summary>
/// <remarks>
/// Without a pinned <see cref="Previous"/> a verifier sees that nothing was cut out of the middle, not that nothing was cut off the front.
/// </remarks>
public sealed record ChainStart
{
    /// <summary>Nothing is known: any entry may come first, but seq 1 must still follow nothing.</summary>
    public static ChainStart Anywhere { get; } = new();

    /// <summary>The chain begins with the first entry of an epoch.</summary>
    public static ChainStart OfEpoch { get; } = new() { Seq = 1, Previous = EntryCodec.NoPrevious };

    /// <summary>The agent every entry must name.</summary>
    public string? Agent { get; init; }

    /// <summary>The epoch every entry must name.</summary>
    public Guid? Epoch { get; init; }

    /// <summary>The sequence number of the first entry.</summary>
    public long? Seq { get; init; }

    /// <summary>The hash of the entry before the first one, as in <see cref="LedgerEntry.Previous"/>.</summary>
    public string? Previous { get; init; }
}
