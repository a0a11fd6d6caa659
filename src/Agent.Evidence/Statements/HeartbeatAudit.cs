using System.Collections.Immutable;

namespace Agent.Evidence.Statements;

/// <summary>What judging a heartbeat's evidence again gave.</summary>
/// <param name="Judged">Whether it came to what is claimed.</param>
/// <param name="Reason">Why it could not be judged, one plain sentence; null when it was, or when it speaks of no camera.</param>
/// <param name="Differences">Every figure that differs; empty unless <see cref="ServerJudgement.Differs"/>.</param>
public sealed record HeartbeatAudit(ServerJudgement Judged, string? Reason, ImmutableArray<JudgementDifference> Differences)
{
    internal static HeartbeatAudit NotJudged(string reason) => new(ServerJudgement.NotJudged, reason, []);

    internal static HeartbeatAudit Of(ImmutableArray<JudgementDifference> differences) =>
        new(differences.IsEmpty ? ServerJudgement.Agrees : ServerJudgement.Differs, null, differences);
}
