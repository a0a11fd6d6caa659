namespace Agent.Delivery;

/// <summary>What one round of sending came to.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Sent">Heartbeats handed to the audit server, whatever it said.</param>
/// <param name="Receipted">Of them, those it receipted and the receipt held.</param>
/// <param name="SetAside">Of them, those it refused for good, for the second time.</param>
/// <param name="Pending">What still waits in the outbox.</param>
/// <param name="LastFailure">Why the round ended early, or the code of the last refusal; null when neither happened, also when it was not yet time to ask.</param>
sealed record DeliveryReport(DateTimeOffset At, int Sent, int Receipted, int SetAside, long Pending, string? LastFailure);
