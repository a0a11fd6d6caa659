namespace AuditServer.Silence;

/// <summary>When an agent is missed.</summary>
/// <param name="Tick">How often it says something, at least.</param>
/// <param name="Grace">How much longer is waited for it.</param>
sealed record SilenceLimits(TimeSpan Tick, TimeSpan Grace)
{
    public TimeSpan Patience => Tick + Grace;
}
