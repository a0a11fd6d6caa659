using Agent.Evidence.Verdicts;

namespace Agent.Status;

/// <summary>
/// What the running agent knows at one instant: the one snapshot behind every surface. It holds names as people gave them, and so it
/// stays on this host.
/// </summary>
internal sealed record AgentStatus
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Site { get; init; }

    public required string Agent { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>RFC 7638 thumbprint of the key that signs now.</summary>
    public required string Key { get; init; }

    public required LedgerStatus Ledger { get; init; }

    public required DeliveryStatus Delivery { get; init; }

    /// <summary>The poll API; null when it is off.</summary>
    public required PollStatus? Poll { get; init; }

    public required IReadOnlyList<RecorderStatus> Recorders { get; init; }

    public required IReadOnlyList<CameraStatus> Cameras { get; init; }

    /// <summary>The volumes that were looked at, one a recorder.</summary>
    public IReadOnlyList<StorageStatus> Storage { get; init; } = [];

    /// <summary>What runs on schedule.</summary>
    public required IReadOnlyList<JobStatus> Jobs { get; init; }

    /// <summary>What a person should look at beside the cameras, one plain sentence each.</summary>
    public IEnumerable<string> Warnings => [.. Ledger.Warnings, .. Jobs.SelectMany(j => j.Warnings), .. Delivery.Warnings, .. Recorders.SelectMany(r => r.Warnings), .. Storage.SelectMany(s => s.Warnings)];

    /// <summary>The worst of all binding verdicts; nothing measured, a ledger that does not hold whole, or a job that does not run, is Undetermined.</summary>
    public Verdict Overall =>
        Cameras.Count == 0 || Ledger.Health != LedgerHealth.Holds || Jobs.Any(j => j.Standing != JobStanding.OnTime) || Recorders.Any(r => r.LookedAt is null || r.Failed)
            ? Worse(Verdict.Undetermined, Cameras.Select(c => c.Verdict))
            : Cameras.Max(c => c.Verdict);

    static Verdict Worse(Verdict floor, IEnumerable<Verdict> verdicts) => verdicts.Append(floor).Max();
}
