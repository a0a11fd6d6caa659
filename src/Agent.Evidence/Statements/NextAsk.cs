namespace Agent.Evidence.Statements;

/// <summary>Sets when the next heartbeat with full evidence is due.</summary>
/// <param name="Id">What the answer names.</param>
/// <param name="Due">When, UTC, whole milliseconds.</param>
public sealed record NextAsk(string Id, DateTimeOffset Due) : Ask(Id);
