namespace AuditServer.Silence;

/// <summary>When an agent is missed.</summary>
/// <param name="Tick">How often it says something, at least.</param>
/// <param name="Evidence">How often it sends a heartbeat with all evidence, at least.</param>
/// <param name="Grace">How much longer is waited for either.</param>
sealed record SilenceLimits(TimeSpan Tick, TimeSpan Evidence, TimeSpan Grace)
{
    public TimeSpan Patience => Tick + Grace;

    public TimeSpan EvidencePatience => Evidence + Grace;
}
