using System.Text.Json;
using Agent.Evidence.Chain;

namespace Agent.Evidence.Statements;

/// <summary>What the first entry of a later epoch, its <c>gap</c>, says of the one before. Source: FORMAT.md, "Entry types".</summary>
/// <param name="Epoch">The epoch that ended.</param>
/// <param name="Seq">Its last entry that was still there, 0 for none.</param>
/// <param name="Hash">The hash of that entry.</param>
/// <param name="Salvaged">How many entries of all epochs were still there.</param>
sealed record EpochLink(Guid Epoch, long Seq, string Hash, long Salvaged)
{
    /// <summary>Reads it; null when the entry does not say so.</summary>
    public static EpochLink? Of(LedgerEntry entry)
    {
        if (entry.Type != EntryTypes.Gap)
            return null;

        using var document = JsonDocument.Parse(entry.Body);
        var body = document.RootElement;
        return body.TryGetProperty("epoch", out var epoch) && epoch.ValueKind == JsonValueKind.String && epoch.TryGetGuid(out var id)
            && body.TryGetProperty("head", out var head) && head.ValueKind == JsonValueKind.Object
            && head.TryGetProperty("seq", out var seq) && seq.ValueKind == JsonValueKind.Number && seq.TryGetInt64(out var place)
            && head.TryGetProperty("hash", out var hash) && hash.ValueKind == JsonValueKind.String
            && body.TryGetProperty("salvaged", out var salvaged) && salvaged.ValueKind == JsonValueKind.Number && salvaged.TryGetInt64(out var count)
            ? new EpochLink(id, place, hash.GetString()!, count)
            : null;
    }
}
