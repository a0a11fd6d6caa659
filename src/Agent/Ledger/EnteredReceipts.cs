using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;

namespace Agent.Ledger;

/// <summary>The receipts that are entries of the ledger. Kept by half of their hash, because a year of their texts does not fit into the memory of a service.</summary>
sealed class EnteredReceipts
{
    readonly HashSet<UInt128> _marks = [];

    /// <summary>Takes the receipt of an entry that holds one.</summary>
    public void Add(LedgerEntry entry)
    {
        if (EntryBodies.ReceiptIn(entry) is { } jws)
            _marks.Add(MarkOf(jws));
    }

    public bool Contains(string jws) => _marks.Contains(MarkOf(jws));

    static UInt128 MarkOf(string jws) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(jws)));
}
