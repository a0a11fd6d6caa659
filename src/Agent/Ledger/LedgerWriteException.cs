namespace Agent.Ledger;

/// <summary>
/// Nothing was written: the disk is full, fails, or another process held the ledger too long. Writing again is safe, because the
/// ledger was read back before this was thrown.
/// </summary>
sealed class LedgerWriteException(string path, Exception cause)
    : Exception($"{path}: the ledger could not be written. {cause.Message}", cause);
