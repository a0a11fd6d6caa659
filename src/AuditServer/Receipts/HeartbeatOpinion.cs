using System.Collections.Immutable;
using Agent.Evidence.Statements;

namespace AuditServer.Receipts;

/// <summary>What judging a heartbeat's evidence again gave.</summary>
/// <param name="Judged">Whether the server came to the same verdicts.</param>
/// <param name="Findings">One for each camera whose verdict differs, and whatever else was noticed; they go into the receipt.</param>
sealed record HeartbeatOpinion(ServerJudgement Judged, ImmutableArray<ReceiptFinding> Findings);
