using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>One heartbeat or tick, made and sent together with whatever was not receipted before it.</summary>
/// <param name="outbox">Null when no audit server is configured: statements are made and kept.</param>
/// <param name="due">When the audit server wants a heartbeat; null when it never says.</param>
sealed class HeartbeatRound(LedgerStore ledger, Outbox? outbox, HeartbeatBody body, DeliveryWords words, HeartbeatDue? due = null)
{
    volatile DeliveryReport? _latest;

    /// <summary>What the last round of sending came to; null before the first.</summary>
    public DeliveryReport? Latest => _latest;

    /// <summary>Appends a heartbeat to the ledger, then empties the outbox as far as the audit server lets it.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written: the agent has nothing to stand on and must say so.</exception>
    public async Task<DeliveryReport?> RunAsync(CancellationToken cancel)
    {
        State();
        return await SendPendingAsync(cancel);
    }

    /// <summary>Appends a heartbeat to the ledger.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written.</exception>
    public void State() => ledger.AppendHeartbeat(body);

    /// <summary>Appends a tick to the ledger.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written.</exception>
    public void Tick() => ledger.AppendTick();

    /// <summary>Makes a heartbeat if the audit server asked for one by now; in any case sends what waits.</summary>
    /// <exception cref="LedgerWriteException">The ledger cannot be written.</exception>
    public Task<DeliveryReport?> RunIfDueAsync(CancellationToken cancel) => due?.IsDue() == true ? RunAsync(cancel) : SendPendingAsync(cancel);

    /// <summary>Empties the outbox without making a statement, for example when the network is back.</summary>
    public async Task<DeliveryReport?> SendPendingAsync(CancellationToken cancel)
    {
        if (outbox is null || ledger.Read.Counts.Pending == 0)
            return null;
        var report = await outbox.DrainAsync(cancel);
        // Nothing was asked, so that what the last answer came to still holds: all that waits was refused lately, or the server wants its rest.
        if (report is { Sent: 0, LastFailure: null })
            return report;
        _latest = report;
        words.Tell(report);
        return report;
    }
}
