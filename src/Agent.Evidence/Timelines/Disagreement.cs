namespace Agent.Evidence.Timelines;

/// <summary>Where witnesses of one recorder do not say the same.</summary>
/// <param name="Recorder">The recorder.</param>
/// <param name="Range">From the first to the last instant in dispute.</param>
/// <param name="InDispute">How much time is in dispute.</param>
/// <param name="EqualBases">True: witnesses equally strong, so the time is Unknown. False: a weaker one omits footage a stronger one saw.</param>
public sealed record Disagreement(string Recorder, TimeRange Range, TimeSpan InDispute, bool EqualBases);
