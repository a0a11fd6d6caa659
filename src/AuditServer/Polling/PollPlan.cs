namespace AuditServer.Polling;

/// <summary>When agents are asked by the server itself.</summary>
/// <param name="Every">How often each agent with an address is asked.</param>
/// <param name="AttestFrom">The shortest time between two asks for an attestation of an agent without one.</param>
/// <param name="AttestTo">The longest.</param>
sealed record PollPlan(TimeSpan Every, TimeSpan AttestFrom, TimeSpan AttestTo)
{
    public static PollPlan Usual { get; } = new(TimeSpan.FromMinutes(15), TimeSpan.FromHours(12), TimeSpan.FromHours(36));
}
