namespace AuditServer.Receipts;

/// <summary>How a heartbeat stands to what was stored before it.</summary>
/// <param name="Previous">Entry hash of the heartbeat it follows; null when that one is not stored, or there is none.</param>
/// <param name="NewEpoch">It is the first of its epoch, and the agent has an earlier epoch.</param>
sealed record Standing(string? Previous, bool NewEpoch);
