namespace Agent.Evidence.Statements;

/// <summary>Why a statement was refused. The order is the order in which it is examined.</summary>
public enum StatementFaultKind
{
    /// <summary>The JWS, its payload or an entry beside it is not in the documented form.</summary>
    Malformed,

    /// <summary>The JWS is not signed with ES256.</summary>
    WrongAlgorithm,

    /// <summary>The JWS is another kind of statement.</summary>
    WrongType,

    /// <summary>The key that signed is not pinned.</summary>
    UnknownKey,

    /// <summary>The signature does not fit.</summary>
    BadSignature,

    /// <summary>
    /// The entries do not run without a break from the previous heartbeat to this one: one is missing, moved, changed, of another
    /// agent or epoch, or does not continue what the verifier had pinned.
    /// </summary>
    BrokenChain,

    /// <summary>Two statements of one agent, both soundly signed, tell different stories of the same place in its ledger.</summary>
    Fork,

    /// <summary>The audit server's own receipt speaks of a statement after the last one that is here: the end was cut off.</summary>
    Truncated,

    /// <summary>A nonce was answered twice.</summary>
    Replayed,

    /// <summary>The key that signed had signed its successor before: only the new key speaks.</summary>
    StaleKey,

    /// <summary>The statement was only good for a short time, and that is over or has not begun.</summary>
    NotFresh,

    /// <summary>The statement holds but does not answer what was asked: a receipt for another entry, an attestation with another nonce.</summary>
    WrongSubject,
}
