namespace Agent.Evidence.Statements;

/// <summary>
/// The agent's answer to a <see cref="ChallengeAsk"/>: the body of a ledger entry of type <c>challenge</c>. It travels with the next
/// statement and is under its signature. See <see cref="ChallengeAnswerCodec"/> for its bytes.
/// </summary>
/// <param name="Ask">The id of the ask.</param>
/// <param name="Epoch">Epoch of the commitment asked about.</param>
/// <param name="Seq">Sequence number of the commitment asked about.</param>
/// <param name="Result">What became of the question.</param>
/// <param name="Digest">SHA-256(salt ‖ parts), lower-case hex; there if and only if answered.</param>
public sealed record ChallengeAnswer(string Ask, Guid Epoch, long Seq, ChallengeResult Result, string? Digest);
