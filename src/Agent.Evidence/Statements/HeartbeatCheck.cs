namespace Agent.Evidence.Statements;

/// <summary>What checking a heartbeat request gave. Exactly one of the two is set.</summary>
/// <param name="Heartbeat">The heartbeat, when everything holds.</param>
/// <param name="Fault">The first thing that does not hold.</param>
public sealed record HeartbeatCheck(VerifiedHeartbeat? Heartbeat, StatementFault? Fault);
