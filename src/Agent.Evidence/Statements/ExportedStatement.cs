namespace Agent.Evidence.Statements;

/// <summary>A statement that a ledger export told, put together again as it is delivered.</summary>
/// <param name="Line">The line, from 1, of its signature; of its entry when there is none.</param>
/// <param name="Epoch">The ledger it stands in.</param>
/// <param name="Seq">Its place there.</param>
/// <param name="Request">The statement with the entries since the one before it; null when the export holds no signature for it.</param>
public sealed record ExportedStatement(long Line, Guid Epoch, long Seq, HeartbeatRequest? Request);
