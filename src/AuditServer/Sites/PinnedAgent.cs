using Agent.Evidence.Statements;

namespace AuditServer.Sites;

/// <summary>A key an authority pinned by hand: who may speak for which agent of which site.</summary>
/// <param name="Site">The site's id, issued by the authority.</param>
/// <param name="Agent">The only agent whose heartbeats this key may sign.</param>
/// <param name="Key">The agent's public key.</param>
/// <param name="Revoked">Whether the key is no longer believed; the file stays, so that the refusal has a reason.</param>
sealed record PinnedAgent(string Site, string Agent, Jwk Key, bool Revoked);
