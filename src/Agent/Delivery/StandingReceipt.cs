using Agent.Evidence.Statements;
using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>
/// The receipt for an entry that stands where this ledger has another one, or none: this ledger is an older copy of one that went on. It
/// cannot be mended, so that it begins anew and names both.
/// </summary>
static class StandingReceipt
{
    /// <summary>Goes on in a new epoch when the audit server's own signature proves that the ledger was set back.</summary>
    /// <returns>Whether it was.</returns>
    /// <exception cref="LedgerWriteException">It could not be written.</exception>
    public static bool TakeUp(LedgerStore ledger, ReceiptKeys keys, string jws)
    {
        if (Read(jws, keys) is not { } receipt || !Contradicts(ledger.Read, receipt))
            return false;

        ledger.OpenEpoch(new LedgerHead(receipt.Epoch, receipt.Seq, receipt.Entry));
        return true;
    }

    /// <summary>Whether a receipt speaks of another entry than the ledger holds at its place in the current epoch.</summary>
    public static bool Contradicts(LedgerReadStore ledger, Receipt receipt) =>
        receipt.Agent == ledger.Agent && receipt.Epoch == ledger.Head.Epoch && ledger.HashAt(receipt.Epoch, receipt.Seq) != receipt.Entry;

    /// <summary>What a receipt says; null when its signature does not hold.</summary>
    public static Receipt? Read(string jws, ReceiptKeys keys)
    {
        var check = Jws.Verify(jws, StatementTypes.Receipt, keys.Find);
        if (check.Fault is not null)
            return null;

        try
        {
            return ReceiptCodec.Decode(check.Payload);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
