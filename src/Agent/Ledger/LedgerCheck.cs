namespace Agent.Ledger;

/// <summary>What looking at the whole ledger gave.</summary>
/// <param name="Entries">How many entries held.</param>
/// <param name="Head">The newest entry.</param>
/// <param name="Fault">The first fault, one plain sentence; null when everything holds.</param>
sealed record LedgerCheck(long Entries, LedgerHead Head, string? Fault);
