using Agent.Evidence.Chain;

namespace Agent.Ledger;

/// <summary>Gives the body of an entry that names its own place. Called while the ledger is held: it must not wait.</summary>
/// <param name="epoch">Epoch of the entry.</param>
/// <param name="seq">Seq the entry will have.</param>
/// <returns>A JSON object in UTF-8, on one line; see <see cref="LedgerEntry.Body"/>.</returns>
delegate ReadOnlyMemory<byte> PlacedBody(Guid epoch, long seq);
