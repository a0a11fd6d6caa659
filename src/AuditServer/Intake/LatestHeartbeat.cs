namespace AuditServer.Intake;

/// <summary>The newest stored heartbeat of one agent.</summary>
sealed record LatestHeartbeat(string Site, string Agent, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> EntryBytes, long Findings);
