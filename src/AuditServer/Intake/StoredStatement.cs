using System.Text.Json;

namespace AuditServer.Intake;

/// <summary>An accepted statement.</summary>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="EntryBytes">Its ledger entry, byte for byte.</param>
/// <param name="Receipt">The receipt it was given.</param>
/// <param name="Verdicts">What this server came to beside what was claimed; null when nothing was judged.</param>
sealed record StoredStatement(DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> EntryBytes, string Receipt, JsonElement? Verdicts);
