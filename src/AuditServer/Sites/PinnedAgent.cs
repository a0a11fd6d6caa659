using Agent.Evidence.Statements;

namespace AuditServer.Sites;

/// <summary>A key somebody stands for: who may speak for which agent of which site.</summary>
/// <param name="Site">The site's id, issued by the authority.</param>
/// <param name="Agent">The only agent whose heartbeats this key may sign.</param>
/// <param name="Key">The agent's public key.</param>
/// <param name="Revoked">Whether the key is no longer believed; the pin stays, so that the refusal has a reason.</param>
sealed record PinnedAgent(string Site, string Agent, Jwk Key, bool Revoked)
{
    /// <summary>The last entry of the agent's ledger that the key speaks for; null unless the agent was enrolled anew with another one.</summary>
    public (Guid Epoch, long Seq)? Retired { get; init; }
}
