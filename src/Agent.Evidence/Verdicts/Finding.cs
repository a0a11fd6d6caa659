using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>A measurement a person must look at; never an accusation.</summary>
/// <param name="Code">What was found.</param>
/// <param name="Range">The footage it concerns, if any.</param>
/// <param name="Measure">The figure in plain words, without names, paths or addresses: findings travel.</param>
public sealed record Finding(FindingCode Code, TimeRange? Range, string Measure);
