namespace Agent.Delivery;

/// <summary>What a line of answers that were carried here by hand is to this ledger.</summary>
enum CarriedKind
{
    /// <summary>A receipt that holds, for a statement that has none yet.</summary>
    Fresh,

    /// <summary>A receipt that holds, for a statement that has one.</summary>
    Known,

    /// <summary>A receipt that holds, for another entry than this ledger has in that place: the ledger was set back.</summary>
    SetBack,

    /// <summary>The audit server's reason for not accepting a statement. It is not signed, so that nothing follows from it here.</summary>
    Refusal,

    /// <summary>Nothing that can be believed, or nothing of this agent.</summary>
    Unsound,
}
