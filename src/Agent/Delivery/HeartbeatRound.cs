using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>One heartbeat, made and sent together with whatever was not receipted before it.</summary>
/// <param name="outbox">Null when no audit server is configured: heartbeats are made and kept.</param>
sealed class HeartbeatRound(LedgerStore ledger, Outbox? outbox, HeartbeatBody body, DeliveryWords words)
{
    volatile DeliveryReport? _latest;

    /// <summary>What the last round of sending came to; null before the first.</summary>
    public DeliveryReport? Latest => _latest;

    /// <summary>Appends a heartbeat to the ledger, then empties the outbox as far as the audit server lets it.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written: the agent has nothing to stand on and must say so.</exception>
    public async Task<DeliveryReport?> RunAsync(CancellationToken cancel)
    {
        ledger.AppendHeartbeat(body);
        return await SendPendingAsync(cancel);
    }

    /// <summary>Empties the outbox without making a heartbeat, for example when the network is back.</summary>
    public async Task<DeliveryReport?> SendPendingAsync(CancellationToken cancel)
    {
        if (outbox is null || ledger.Read.Counts.Pending == 0)
            return null;
        var report = await outbox.DrainAsync(cancel);
        _latest = report;
        words.Tell(report);
        return report;
    }
}
