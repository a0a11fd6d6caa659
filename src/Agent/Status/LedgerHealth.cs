namespace Agent.Status;

/// <summary>Whether the ledger holds.</summary>
internal enum LedgerHealth
{
    /// <summary>Its newest entries were looked at when it was opened, and they hold.</summary>
    Holds,

    /// <summary>A part of it was lost and set apart; the rest holds, and the loss is recorded in it.</summary>
    Quarantined,

    /// <summary>It does not hold: nothing may be claimed.</summary>
    Damaged,
}
