namespace Agent.Status;

/// <summary>Takes a snapshot of what the agent knows now.</summary>
internal delegate AgentStatus TakeStatus();
