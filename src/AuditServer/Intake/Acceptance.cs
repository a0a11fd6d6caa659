using System.Collections.Immutable;
using System.Globalization;
using Agent.Evidence.Statements;
using AuditServer.Challenging;
using AuditServer.Enrolments;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Decides about one statement: all of it is stored with its receipt, or nothing. A repeated one gets the receipt it got before, a
/// contradicting one is refused and kept as a finding.
/// </summary>
sealed class Acceptance(ReceiptWriter receipts, ChallengeIntake challenges, HeartbeatCadence cadence)
{
    const int MostCameras = 20;

    public IntakeOutcome Decide(EvidenceTransaction stored, DeliveredHeartbeat delivery)
    {
        var heartbeat = delivery.Heartbeat;
        var entry = heartbeat.Entry;
        var place = stored.Look(delivery);
        if (place.Known is { } known)
            return known.Hash == heartbeat.EntryHash
                ? IntakeOutcome.Accepted(known.Receipt)
                : Refuse(RefusalCode.Equivocation, $"Another statement with seq {entry.Seq} was accepted before; its entry has hash {known.Hash}.", known.Receipt);
        if (place.IsStale(entry.Seq))
            return Refuse(RefusalCode.StaleKey, $"The key that signed gave its word for its successor before; only that one speaks at seq {entry.Seq}.");
        if (delivery.Agent.Retired is { } last && (entry.Epoch == last.Epoch ? entry.Seq > last.Seq : place.Chain is null))
            return Refuse(RefusalCode.StaleKey, $"The agent was enrolled anew with another key; only that one speaks at seq {entry.Seq}.");
        if (place.NeedsComparing(heartbeat.After, heartbeat.AfterHash) && stored.FindContradiction(place.Chain!.Value, heartbeat) is { } contradiction)
            return Refuse(RefusalCode.Fork, contradiction.Message, stored.ReceiptFor(place.Chain.Value, contradiction.Seq));

        if (heartbeat.Rotations.Any(succession => stored.ContradictsRotation(place.Chain, succession)))
            return Refuse(RefusalCode.StaleKey, "A key rotation among its entries is signed with a key that had given its word for another before.");

        var chain = place.Chain ?? stored.OpenChain(entry.Agent, entry.Epoch);
        foreach (var succession in heartbeat.Rotations)
            stored.Rotate(chain, succession, delivery.ReceivedAt);
        var asks = place.Asks ? stored.Asks(entry.Agent) : [];
        var standing = new Standing(
            place.Previous,
            NewEpoch: place is { Chain: null, Epochs: > 0 },
            [.. OfEcho(delivery, place), .. OfCameras(stored, delivery, place), .. OfRecorders(stored, delivery, place), .. challenges.Take(stored.Sql, chain, delivery),
             .. OwnFindings.Take(stored.Sql, delivery, place).Select(message => new ReceiptFinding(OwnFindings.Worse, message))],
            [.. asks.Select(ask => AskCodec.Decode(ask.Json)), .. asks.Count < ReceiptCodec.MostAsks && cadence.After(delivery) is { } next ? [next] : Array.Empty<Ask>()]);
        var receipt = receipts.Write(delivery, standing);
        stored.Add(chain, delivery, receipt);
        asks.ForEach(ask => stored.Issue(ask.Id, chain, entry.Seq));
        return IntakeOutcome.Accepted(receipt.Jws);

        IntakeOutcome Refuse(RefusalCode code, string message, string? receipt = null)
        {
            stored.AddFinding(delivery, code.ToString(), message, delivery.Jws);
            return IntakeOutcome.Refused(code, message, receipt);
        }
    }

    static ImmutableArray<ReceiptFinding> OfEcho(DeliveredHeartbeat delivery, Place place) => delivery.Opinion.Echo is { } echo && !place.KnowsEcho
        ? [new ReceiptFinding("UnknownReceipt", $"The agent says that it holds a receipt with hash {echo}; this server gave it none such.")]
        : [];

    static IEnumerable<ReceiptFinding> OfCameras(EvidenceTransaction stored, DeliveredHeartbeat delivery, Place place)
    {
        var entry = delivery.Heartbeat.Entry;
        if (delivery.Opinion.Cameras is not { } told)
            yield break;

        var before = place.Beat > 0 && place.Beat < entry.Seq && place.Cameras is { } last ? last : place.Epochs > 0 ? stored.CamerasBefore(entry.Agent, place.Chain, entry.Seq) : null;
        if (before is null || before == told)
            yield break;

        var missing = before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(told.Split('\n')).ToList();
        foreach (var camera in missing.Take(MostCameras))
            yield return new ReceiptFinding("CameraMissing", $"The heartbeat before this one spoke of camera {camera}; this one does not.");
        if (missing.Count > MostCameras)
            yield return new ReceiptFinding("CameraMissing", string.Create(CultureInfo.InvariantCulture, $"The same holds for {missing.Count - MostCameras} more cameras."));
    }

    // Said once: the heartbeats after it name the same recorder again.
    static IEnumerable<ReceiptFinding> OfRecorders(EvidenceTransaction stored, DeliveredHeartbeat delivery, Place place)
    {
        if (delivery.Opinion.Recorders is not { } told || place.Recorders is not { } enrolled)
            yield break;

        foreach (var recorder in told.Except(RecorderList.CodesOf(enrolled), StringComparer.Ordinal).Take(MostCameras))
        {
            var finding = new ReceiptFinding("RecorderChanged", $"The heartbeat names recorder {recorder}, which the agent did not name when it was enrolled.");
            if (!stored.WasFound(delivery.Heartbeat.Entry.Agent, finding))
                yield return finding;
        }
    }
}
