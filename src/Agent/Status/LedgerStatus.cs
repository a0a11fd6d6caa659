using System.Text.Json.Serialization;

namespace Agent.Status;

/// <summary>The ledger as it stands.</summary>
/// <param name="Epoch">The life of this database.</param>
/// <param name="Seq">Of the newest entry; 0 before the first.</param>
/// <param name="Head">Hash of the newest entry.</param>
/// <param name="Health">Whether it holds.</param>
/// <param name="Fault">What does not hold, one plain sentence; null when it all does.</param>
internal sealed record LedgerStatus(Guid Epoch, long Seq, string Head, LedgerHealth Health, string? Fault)
{
    [JsonIgnore]
    public IEnumerable<string> Warnings => Health == LedgerHealth.Holds ? [] : [$"the ledger is {Health.ToString().ToLowerInvariant()}: {Fault}"];
}
