namespace Agent.Ledger;

/// <summary>How many statements (heartbeats and ticks) stand where.</summary>
/// <param name="Pending">Not yet receipted.</param>
/// <param name="SetAside">Refused for good by the audit server; a person must look.</param>
/// <param name="Receipted">Accepted.</param>
/// <param name="OldestPending">Seq of the oldest pending one; null when none is.</param>
readonly record struct OutboxCounts(long Pending, long SetAside, long Receipted, long? OldestPending);
