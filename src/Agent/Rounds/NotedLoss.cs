using Agent.Evidence.Verdicts;

namespace Agent.Rounds;

/// <summary>A loss as the agent remembers it.</summary>
/// <param name="Loss">What travels.</param>
/// <param name="Bytes">The bytes that stood behind it; null when the index no longer knew.</param>
internal sealed record NotedLoss(FootageLoss Loss, long? Bytes);
