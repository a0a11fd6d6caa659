using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Decides about one statement: all of it is stored with its receipt, or nothing. A repeated one gets the receipt it got before, a
/// contradicting one is refused and kept as a finding.
/// </summary>
sealed class Acceptance(ReceiptWriter receipts)
{
    public IntakeOutcome Decide(EvidenceTransaction stored, DeliveredHeartbeat delivery)
    {
        var heartbeat = delivery.Heartbeat;
        var entry = heartbeat.Entry;
        var place = stored.Look(heartbeat);
        if (place.Known is { } known)
            return known.Hash == heartbeat.EntryHash
                ? IntakeOutcome.Accepted(known.Receipt)
                : Refuse(RefusalCode.Equivocation, $"Another heartbeat with seq {entry.Seq} was accepted before; its entry has hash {known.Hash}.");
        if (place.NeedsComparing(heartbeat.After, heartbeat.AfterHash) && stored.FindContradiction(place.Chain!.Value, heartbeat) is { } contradiction)
            return Refuse(RefusalCode.Fork, contradiction);

        var standing = new Standing(place.Previous, NewEpoch: place is { Chain: null, Epochs: > 0 });
        var receipt = receipts.Write(delivery, standing);
        stored.Add(place.Chain ?? stored.OpenChain(entry.Agent, entry.Epoch), delivery, receipt);
        return IntakeOutcome.Accepted(receipt.Jws);

        IntakeOutcome Refuse(RefusalCode code, string message)
        {
            stored.AddFinding(delivery, code.ToString(), message, delivery.Jws);
            return IntakeOutcome.Refused(code, message);
        }
    }
}
