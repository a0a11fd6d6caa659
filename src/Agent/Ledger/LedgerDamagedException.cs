namespace Agent.Ledger;

/// <summary>
/// The ledger does not hold together. The agent stops claiming and a person decides; nothing is repaired behind their back.
/// </summary>
sealed class LedgerDamagedException(string path, string fault, Exception? cause = null)
    : Exception($"{path}: the ledger is damaged. {fault}", cause)
{
    /// <summary>The first fault, one plain sentence.</summary>
    public string Fault { get; } = fault;

    public static LedgerDamagedException Unreadable(string path, Exception cause) =>
        new(path, $"The database file cannot be read: {cause.Message}", cause);
}
