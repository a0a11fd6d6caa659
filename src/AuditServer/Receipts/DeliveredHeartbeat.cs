using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Sites;

namespace AuditServer.Receipts;

/// <summary>A heartbeat or tick that holds, with everything that goes into its receipt except its place among those already stored.</summary>
/// <param name="Agent">The pin whose key signed it, and which names the same agent.</param>
/// <param name="Heartbeat">The heartbeat, its signature and chain verified.</param>
/// <param name="Jws">Its compact JWS as received.</param>
/// <param name="ReceivedAt">The server's clock when it came in.</param>
/// <param name="Opinion">What judging it again gave.</param>
sealed record DeliveredHeartbeat(PinnedAgent Agent, VerifiedHeartbeat Heartbeat, string Jws, DateTimeOffset ReceivedAt, HeartbeatOpinion Opinion)
{
    /// <summary>Whether it is only a sign of life.</summary>
    public bool IsTick => Heartbeat.Entry.Type == EntryTypes.Tick;
}
