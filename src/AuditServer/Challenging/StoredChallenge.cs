namespace AuditServer.Challenging;

/// <summary>A commitment that was asked about.</summary>
/// <param name="Agent">Who committed.</param>
/// <param name="Camera">The camera's code.</param>
/// <param name="Epoch">Ledger of the commitment.</param>
/// <param name="Seq">Its place there.</param>
/// <param name="AskedAt">When it was asked about.</param>
/// <param name="Outcome"><c>passed</c>, <c>failed</c>, <c>missing</c>, <c>unverifiable</c> or <c>unanswered</c>; null while an answer may still come.</param>
sealed record StoredChallenge(string Agent, string Camera, string Epoch, long Seq, DateTimeOffset AskedAt, string? Outcome);
