namespace AuditServer.Intake;

/// <summary>Something a person should look at.</summary>
/// <param name="Agent">The agent it is about.</param>
/// <param name="Epoch">The epoch and, next, the number of the statement it is about.</param>
/// <param name="Seq">See there.</param>
/// <param name="Entry">Hash of that statement's entry.</param>
/// <param name="Code">What it is; see the runbook.</param>
/// <param name="Message">One plain sentence.</param>
/// <param name="NoticedAt">When it was noticed.</param>
/// <param name="ClosedAt">When it was over; null while it lasts, and for what is a fact.</param>
sealed record StoredFinding(string Agent, string Epoch, long Seq, string Entry, string Code, string Message, DateTimeOffset NoticedAt, DateTimeOffset? ClosedAt);
