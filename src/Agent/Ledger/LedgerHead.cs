using Agent.Evidence.Chain;

namespace Agent.Ledger;

/// <summary>The newest entry of the ledger.</summary>
/// <param name="Epoch">The life of this database.</param>
/// <param name="Seq">0 before the first entry.</param>
/// <param name="Hash">What the next entry's <c>prev</c> will hold; <see cref="EntryCodec.NoPrevious"/> before the first.</param>
readonly record struct LedgerHead(Guid Epoch, long Seq, string Hash);
