using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>Footage that was seen once and has gone.</summary>
/// <param name="Range">The footage that is missing now.</param>
/// <param name="NoticedAt">When it was found missing; it went no later.</param>
/// <param name="FromOldestEdge">True: eaten forward from the oldest edge (overwriting). False: gone elsewhere.</param>
public sealed record FootageLoss(TimeRange Range, DateTimeOffset NoticedAt, bool FromOldestEdge);
