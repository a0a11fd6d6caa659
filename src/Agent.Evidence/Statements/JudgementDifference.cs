namespace Agent.Evidence.Statements;

/// <summary>One figure that a camera's evidence does not come to.</summary>
/// <param name="Camera">The camera's code.</param>
/// <param name="Days">The number of days it is about; null when it is about the camera as a whole.</param>
/// <param name="Figure">Which figure, by its key in the heartbeat: <c>verdict</c>, <c>continuousSince</c>, <c>gapSeconds</c>, …</param>
/// <param name="Claimed">What the heartbeat says, in the words of the format.</param>
/// <param name="Recomputed">What judging the evidence again gave.</param>
public sealed record JudgementDifference(string Camera, int? Days, string Figure, string Claimed, string Recomputed)
{
    /// <summary>"c-1a2b, 15 d: verdict met, recomputed breached".</summary>
    public override string ToString() => $"{Camera}{(Days is { } days ? $", {days} d" : "")}: {Figure} {Claimed}, recomputed {Recomputed}";
}
