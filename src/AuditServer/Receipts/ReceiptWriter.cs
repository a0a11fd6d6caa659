using System.Globalization;
using Agent.Evidence.Statements;
using AuditServer.Keys;

namespace AuditServer.Receipts;

/// <summary>Says what was noticed about a heartbeat and signs it. Called inside the transaction that stores both.</summary>
sealed class ReceiptWriter(string server, ReceiptKey key)
{
    /// <summary>Heartbeats come hourly at least; beyond this the agent was offline or withheld them. Late is noticed, never refused.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromHours(2);

    /// <summary>An agent's clock this far ahead of the server's dates footage wrongly.</summary>
    public static readonly TimeSpan AheadAfter = TimeSpan.FromMinutes(5);

    public SignedReceipt Write(DeliveredHeartbeat delivery, Standing standing)
    {
        var heartbeat = delivery.Heartbeat;
        var receipt = new Receipt
        {
            Server = server,
            Site = delivery.Agent.Site,
            Agent = heartbeat.Entry.Agent,
            Epoch = heartbeat.Entry.Epoch,
            Seq = heartbeat.Entry.Seq,
            Entry = heartbeat.EntryHash,
            ReceivedAt = delivery.ReceivedAt,
            Previous = standing.Previous,
            LateSeconds = Lateness.Seconds(heartbeat.Entry.Time, delivery.ReceivedAt),
            Findings = [.. FindingsOf(delivery, standing), .. standing.Findings, .. delivery.Opinion.Findings],
            Judged = delivery.Opinion.Judged,
            Asks = standing.Asks,
        };
        return new SignedReceipt(receipt, key.Sign(ReceiptCodec.Encode(receipt)));
    }

    static IEnumerable<ReceiptFinding> FindingsOf(DeliveredHeartbeat delivery, Standing standing)
    {
        var heartbeat = delivery.Heartbeat;
        var late = delivery.ReceivedAt - heartbeat.Entry.Time;
        if (late > LateAfter)
            yield return new ReceiptFinding("Late", Plain($"The {heartbeat.Entry.Type} arrived {late.TotalSeconds:F0} s after it was made; up to {LateAfter.TotalSeconds:F0} s is usual."));
        if (-late > AheadAfter)
            yield return new ReceiptFinding("ClockAhead", Plain($"The agent's clock is {-late.TotalSeconds:F0} s ahead of this server's."));
        if (heartbeat.After > 0 && standing.Previous is null)
            yield return new ReceiptFinding("MissingPredecessor", Plain($"The statement before this one, seq {heartbeat.After}, has not been received."));
        if (standing.NewEpoch)
            yield return new ReceiptFinding("NewEpoch", "The agent began a new ledger; an earlier one of the same agent is known.");
    }

    static string Plain(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
