using Agent.Evidence.Chain;
using Microsoft.Data.Sqlite;

namespace Agent.Ledger;

/// <summary>
/// What found no room in the ledger while the disk was full. As soon as there is room a <c>gap</c> tells it before anything else, and the
/// <c>start</c> of this run is written after all. Kept in memory: an agent that ends before there is room leaves a time that nobody vouches
/// for, and the next start says so.
/// </summary>
sealed class UnwrittenStore(TimeProvider time)
{
    readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    DateTimeOffset _since;
    Func<SqliteConnection, LedgerHead>? _start;

    /// <summary>Whether there is anything to tell.</summary>
    public bool Any => _counts.Count > 0;

    /// <summary>An entry found no room. Tried again, it counts again.</summary>
    public void Add(string type)
    {
        if (!Any)
            _since = time.GetUtcNow();
        _counts[type] = _counts.GetValueOrDefault(type) + 1;
    }

    /// <summary>The first entries of this run found no room.</summary>
    /// <param name="start">Writes them within the caller's transaction.</param>
    public void AddStart(Func<SqliteConnection, LedgerHead> start)
    {
        Add(EntryTypes.Start);
        _start = start;
    }

    /// <summary>Writes all of it within the caller's transaction. It stays here until <see cref="Clear"/>, because that may fail.</summary>
    public LedgerHead Write(SqliteConnection writer, ChainEndStore chain)
    {
        // The start first: what it says about the time before it ends where the gap begins.
        _start?.Invoke(writer);
        var until = time.GetUtcNow();
        return chain.Append(writer, EntryTypes.Gap, (_, _) => EntryBodies.Unwritten(_since, until > _since ? until : _since, _counts));
    }

    /// <summary>It is in the ledger.</summary>
    public void Clear()
    {
        _counts.Clear();
        _start = null;
    }
}
