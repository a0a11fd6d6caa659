namespace Agent.Evidence.Chain;

/// <summary>Where a chain of ledger entries breaks first. The order is the order in which an entry is examined.</summary>
public enum ChainFaultKind
{
    /// <summary>The bytes are not a ledger entry.</summary>
    Malformed,

    /// <summary>The entry names another agent than the chain.</summary>
    WrongAgent,

    /// <summary>The entry names another epoch than the chain.</summary>
    WrongEpoch,

    /// <summary>The entry does not carry the next sequence number: one was left out, repeated or moved.</summary>
    SequenceGap,

    /// <summary>The entry's <c>prev</c> is not the hash of the entry before it: one of the two was changed.</summary>
    BrokenLink,
}
