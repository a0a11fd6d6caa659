using System.Collections.Concurrent;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Sites;

/// <summary>
/// Every key that somebody stands for: pinned by hand, or introduced in an agent's own ledger by a key that was. A revoked pin takes
/// all its successors with it. Whether a key has retired since depends on the place in the ledger, and is not asked here.
/// </summary>
sealed class BelievedKeys(PinnedAgents pinned, IEvidenceDatabase database)
{
    // Rows of agent_keys never change, so what was read once stays true; a key not found may come from another server any time.
    readonly ConcurrentDictionary<string, (Jwk Key, string SignedBy)> _introduced = new(StringComparer.Ordinal);

    /// <summary>For whom a key speaks; null when nobody stands for it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be asked.</exception>
    public PinnedAgent? Find(string kid)
    {
        if (pinned.Find(kid) is { } pin)
            return pin;

        // One key introduces one other, and none that is known, so the line has an end.
        Jwk? key = null;
        for (var current = kid; Introduced(current) is { } found; current = found.SignedBy)
        {
            key ??= found.Key;
            if (pinned.Find(found.SignedBy) is { } root)
                return root with { Key = key };
        }

        return null;
    }

    (Jwk Key, string SignedBy)? Introduced(string kid)
    {
        if (_introduced.TryGetValue(kid, out var known))
            return known;

        using var sql = new SqlSession(database.Open());
        using var row = sql.Read("SELECT jwk, signed_by FROM agent_keys WHERE kid = @kid", ("@kid", kid));
        return row.Read() ? _introduced.GetOrAdd(kid, (Jwk.Parse(row.GetString(0)), row.GetString(1))) : null;
    }
}
