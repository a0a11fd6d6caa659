namespace Agent.Ledger;

/// <summary>An entry as the database holds it: what the columns say beside what the bytes say.</summary>
readonly record struct EntryRow(long Seq, ReadOnlyMemory<byte> Bytes, string Hash);
