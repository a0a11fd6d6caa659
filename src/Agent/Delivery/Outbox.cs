using System.Text;
using Agent.Evidence.Statements;
using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>
/// Brings every heartbeat to the audit server: oldest first, one at a time, for as long as it takes. A heartbeat is free only when a
/// receipt for exactly its bytes, signed with a pinned key, is in the ledger. The rows themselves are the ledger's.
/// </summary>
sealed class Outbox(LedgerStore ledger, UpstreamClient upstream, JwkSet receiptKeys, TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends what is pending until nothing is, or until the audit server cannot take more now.</summary>
    /// <exception cref="LedgerWriteException">What the server said could not be kept. It will be asked again.</exception>
    public async Task<DeliveryReport> DrainAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            int sent = 0, receipted = 0, setAside = 0;
            string? failure = null;
            var stopped = false;
            while (!stopped && ledger.Read.NextPending() is { } heartbeat)
            {
                var (outcome, code) = await DeliverAsync(heartbeat, cancel);
                sent++;
                failure = code ?? failure;
                switch (outcome)
                {
                    case UpstreamOutcome.Answered:
                        receipted++;
                        break;
                    case UpstreamOutcome.Refused:
                        ledger.SetAside(heartbeat, code!);
                        setAside++;
                        break;
                    default:
                        ledger.NoteFailure(heartbeat, code!);
                        stopped = true;
                        break;
                }
            }

            return new DeliveryReport(time.GetUtcNow(), sent, receipted, setAside, ledger.Read.Counts.Pending, failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    async Task<(UpstreamOutcome Outcome, string? Code)> DeliverAsync(PendingStatement heartbeat, CancellationToken cancel)
    {
        var reply = await upstream.SendAsync(RequestFor(heartbeat), cancel);
        if (reply.Outcome != UpstreamOutcome.Answered)
            return (reply.Outcome, reply.Code ?? "Unexplained");

        // A receipt that does not hold proves nothing, not even that the heartbeat arrived: it stays, and a person may look.
        if (StatementVerifier.VerifyReceipt(reply.Receipt!, receiptKeys.Find, heartbeat.Bytes).Fault is { } fault)
            return (UpstreamOutcome.NotNow, $"Receipt{fault.Kind}");

        ledger.Acknowledge(heartbeat, reply.Receipt!);
        return (UpstreamOutcome.Answered, null);
    }

    HeartbeatRequest RequestFor(PendingStatement heartbeat) => new(
        heartbeat.Jws,
        [.. ledger.Read.EntriesBetween(heartbeat.Epoch, heartbeat.After, heartbeat.Seq).Select(bytes => Encoding.UTF8.GetString(bytes.Span))]);
}
