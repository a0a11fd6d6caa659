namespace Agent.Ledger;

/// <summary>
/// The ledger could not be written: the disk is full or fails, or another process held the file too long. The entry is not there,
/// unless not even reading back was possible, or it is there and could not be synced. Writing again is safe either way: it begins from
/// what is there.
/// </summary>
sealed class LedgerWriteException(string path, Exception cause, bool full = false)
    : Exception($"{path}: the ledger could not be written. {cause.Message}", cause)
{
    /// <summary>The disk has no room. Somebody can make some, so this is no reason to end: the agent goes on looking and claims nothing.</summary>
    public bool Full => full;
}
