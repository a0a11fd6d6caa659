namespace Agent.Ledger;

/// <summary>Why a new epoch begins: what the <c>gap</c> entry says.</summary>
/// <param name="Reason"><see cref="Damaged"/> or <see cref="RolledBack"/>.</param>
/// <param name="Head">The newest entry that is left of the epoch that ends; seq 0 when none is.</param>
/// <param name="Known">An entry of that epoch somebody else vouches for and that is not here; null when nobody knows of one.</param>
/// <param name="Salvaged">Entries that are left of all epochs.</param>
/// <param name="Lost">Stretches of sequence numbers of that epoch that are not here, both ends included.</param>
/// <param name="Fault">One plain sentence without names or paths: it travels.</param>
sealed record LedgerLoss(string Reason, LedgerHead Head, LedgerHead? Known, long Salvaged, IReadOnlyList<(long From, long To)> Lost, string Fault)
{
    public const string Damaged = "damaged";
    public const string RolledBack = "rolled-back";
}
