namespace Agent.Evidence.Chain;

/// <summary>Answers whether ledger entries hold together: same agent and epoch, no number left out, every link intact.</summary>
public static class ChainVerifier
{
    /// <summary>Walks the entries in the order given and stops at the first that does not hold.</summary>
    /// <param name="entries">The exact bytes of each entry; enumerated once, nothing but the last is kept.</param>
    /// <param name="start">What is already known; <see cref="ChainStart.Anywhere"/> when omitted.</param>
    /// <returns>The first fault, or null when the chain holds. An empty chain holds.</returns>
    public static ChainFault? FirstFault(IEnumerable<ReadOnlyMemory<byte>> entries, ChainStart? start = null)
    {
        var walk = new ChainWalk(start ?? ChainStart.Anywhere);
        foreach (var entry in entries)
            if (walk.Accept(entry) is { } fault)
                return fault;

        return null;
    }
}
