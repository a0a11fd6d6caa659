namespace Agent.Evidence.Statements;

/// <summary>
/// Asks for SHA-256(salt ‖ bytes) over parts of a segment the agent committed to earlier. Only who still has the bytes can answer.
/// </summary>
/// <param name="Id">What the answer names.</param>
/// <param name="Epoch">Epoch of the commitment's entry.</param>
/// <param name="Seq">Sequence number of the commitment's entry.</param>
/// <param name="Sample">Which parts of which segment, and the salt.</param>
public sealed record ChallengeAsk(string Id, Guid Epoch, long Seq, SegmentSample Sample) : Ask(Id);
