using Agent.Evidence.Chain;

namespace Agent.Ledger;

/// <summary>Reads entries out of the database.</summary>
static class StoredEntry
{
    /// <summary>Reads one entry.</summary>
    /// <exception cref="LedgerDamagedException">It is not what was written: only whole entries ever go in.</exception>
    public static LedgerEntry Decode(byte[] bytes)
    {
        try
        {
            return EntryCodec.Decode(bytes);
        }
        catch (FormatException e)
        {
            throw new LedgerDamagedException(LedgerReadStore.FileName, $"An entry cannot be read: {e.Message}", e);
        }
    }
}
