using Agent.Evidence.Statements;

namespace AuditServer.Receipts;

/// <summary>How often this server wants all evidence, whatever agents are configured to.</summary>
/// <param name="Every">From one heartbeat to the next; null when agents decide by themselves.</param>
sealed record HeartbeatCadence(TimeSpan? Every)
{
    /// <summary>What the receipt for a statement asks; null for nothing. A backlog is not answered with as many questions.</summary>
    public NextAsk? After(DeliveredHeartbeat delivery) => Every is { } every && !delivery.IsTick && delivery.ReceivedAt - delivery.Heartbeat.Entry.Time < every
        ? new NextAsk($"n-{delivery.Heartbeat.Entry.Seq}", delivery.ReceivedAt + every)
        : null;
}
