namespace AuditServer.Intake;

/// <summary>The newest stored heartbeat of one agent, with the receipt it was given.</summary>
sealed record LatestHeartbeat(string Site, string Agent, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> EntryBytes, string Receipt, long Findings);
