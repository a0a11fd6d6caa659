using System.Text.Json;

namespace Agent.Ledger;

/// <summary>
/// Remembers outside the database how far the ledger was, so that an older copy put in its place is noticed. Whoever restores the whole
/// data directory restores this too; then only the audit server knows.
/// </summary>
static class LedgerWitness
{
    /// <summary>Writes the head. Best effort: a head that could not be noted makes this older, never wrong.</summary>
    public static void Write(string path, LedgerHead head)
    {
        try
        {
            var next = path + ".next";
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, head);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk stops claims through the ledger itself.
        }
    }

    /// <summary>The head noted last; null when there is none that can be read.</summary>
    public static LedgerHead? Read(string path)
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<LedgerHead>(File.ReadAllBytes(path)) is { Seq: > 0, Hash: not null } head ? head : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
