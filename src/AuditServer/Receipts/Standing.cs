using System.Collections.Immutable;
using Agent.Evidence.Statements;

namespace AuditServer.Receipts;

/// <summary>How a statement stands to what was stored before it.</summary>
/// <param name="Previous">Entry hash of the statement it follows; null when that one is not stored, or there is none.</param>
/// <param name="NewEpoch">It is the first of its epoch, and the agent has an earlier epoch.</param>
/// <param name="Findings">What else was noticed by comparing.</param>
/// <param name="Asks">What the agent is asked with this receipt.</param>
sealed record Standing(string? Previous, bool NewEpoch, ImmutableArray<ReceiptFinding> Findings, ImmutableArray<Ask> Asks);
