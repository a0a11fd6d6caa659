namespace Agent.Ledger;

/// <summary>The file is sound but not for this agent: of another agent, of a newer version, or not there.</summary>
sealed class LedgerRefusedException(string path, string reason) : Exception($"{path}: {reason}.")
{
    public static LedgerRefusedException Newer(string path, long version) =>
        new(path, $"it was written by a newer version (schema {version}, this one knows {LedgerSchema.Version})");
}
