namespace Agent.Auditing;

/// <summary>Who asks, as far as it is known.</summary>
/// <param name="Name">What stands in the access register.</param>
/// <param name="Refusal">Why they may not; null when they may.</param>
internal sealed record Asker(string Name, PollRefusal? Refusal);
