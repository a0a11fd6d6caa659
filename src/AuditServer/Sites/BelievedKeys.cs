using System.Collections.Concurrent;
using Agent.Evidence.Statements;
using AuditServer.Databases;

namespace AuditServer.Sites;

/// <summary>
/// Every key that somebody stands for: pinned by hand, enrolled with a code, or introduced in an agent's own ledger by a key that was. A
/// revoked key takes those it introduced with it. Whether a key gave its word for another since depends on the place in the ledger, and
/// is not asked here.
/// </summary>
sealed class BelievedKeys(PinnedAgents pinned, KeyEndings endings, IEvidenceDatabase database)
{
    // Rows of these tables never change, so what was read once stays true; a key not found may come from another server any time.
    readonly ConcurrentDictionary<string, PinnedAgent> _enrolled = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, (Jwk Key, string SignedBy)> _introduced = new(StringComparer.Ordinal);

    /// <summary>For whom a key speaks; null when nobody stands for it.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be asked.</exception>
    public PinnedAgent? Find(string kid)
    {
        if (Pinned(kid) is { } pin)
            return endings.Apply(pin);

        // One key introduces one other, and none that is known, so the line has an end.
        Jwk? key = null;
        var revoked = false;
        for (var current = kid; Introduced(current) is { } found; current = found.SignedBy)
        {
            key ??= found.Key;
            revoked |= endings.IsRevoked(current);
            if (Pinned(found.SignedBy) is { } root)
                return endings.Apply(new PinnedAgent(root.Site, root.Agent, key, revoked || root.Revoked || endings.IsRevoked(found.SignedBy)));
        }

        return null;
    }

    /// <summary>The keys that agents are pinned or enrolled with, ended ones too; not those introduced since.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be asked.</exception>
    public IReadOnlyList<PinnedAgent> All()
    {
        using var sql = new SqlSession(database.Open());
        using var row = sql.Read("SELECT DISTINCT kid FROM enrolments");
        var all = pinned.All().ToDictionary(pin => pin.Key.Thumbprint);
        var enrolled = new List<string>();
        while (row.Read())
            enrolled.Add(row.GetString(0));
        foreach (var kid in enrolled)
            all.TryAdd(kid, Pinned(kid)!);

        return [.. all.Values.Select(endings.Apply)];
    }

    PinnedAgent? Pinned(string kid)
    {
        if (pinned.Find(kid) is { } pin)
            return pin;
        if (_enrolled.TryGetValue(kid, out var known))
            return known;

        using var sql = new SqlSession(database.Open());
        using var row = sql.Read("SELECT site, agent, jwk FROM enrolments WHERE kid = @kid", ("@kid", kid));
        return row.Read() ? _enrolled.GetOrAdd(kid, new PinnedAgent(row.GetString(0), row.GetString(1), Jwk.Parse(row.GetString(2)), Revoked: false)) : null;
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
