using Agent.Evidence.Statements;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Judges the evidence in a heartbeat again and compares the verdicts. It runs after signature and chain were found sound and before
/// anything is stored; an opinion never refuses a heartbeat.
/// </summary>
static class HeartbeatJudge
{
    /// <summary>Nothing is judged yet, and the receipt says so.</summary>
    public static HeartbeatOpinion Judge(VerifiedHeartbeat heartbeat) => new(ServerJudgement.NotJudged, []);
}
