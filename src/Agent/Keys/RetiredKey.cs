using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>A key the agent no longer has the private half of. What it signed before stays checkable with the public half.</summary>
/// <param name="Key">The public half.</param>
/// <param name="Retired">When it signed its successor.</param>
/// <param name="Epoch">The ledger's epoch in which it did.</param>
/// <param name="Seq">The entry with which it did: whatever it signs after that is not to be believed.</param>
sealed record RetiredKey(Jwk Key, DateTimeOffset Retired, Guid Epoch, long Seq);
