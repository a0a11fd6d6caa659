using System.Collections.Immutable;
using Agent.Evidence.Statements;

namespace AuditServer.Receipts;

/// <summary>What judging a heartbeat's evidence again gave.</summary>
/// <param name="Judged">Whether the server came to the same verdicts.</param>
/// <param name="Findings">One for each camera whose verdict differs, and whatever else was noticed; they go into the receipt.</param>
sealed record HeartbeatOpinion(ServerJudgement Judged, ImmutableArray<ReceiptFinding> Findings)
{
    /// <summary>Hash of the receipt that the agent says it holds; null when it says none.</summary>
    public string? Echo { get; init; }

    /// <summary>The cameras spoken of, one "code kind" a line, in order; null when that cannot be read, and for a tick.</summary>
    public string? Cameras { get; init; }

    /// <summary>The recorders spoken of, each once; null when that cannot be read, and for a tick.</summary>
    public IReadOnlyCollection<string>? Recorders { get; init; }

    /// <summary>What this server's own policy comes to, as JSON; null when nothing was judged.</summary>
    public string? Verdicts { get; init; }

    /// <summary>Where that is worse than claimed, one sentence for each camera; null when nothing was judged.</summary>
    public IReadOnlyList<string>? Worse { get; init; }
}
