using Agent.Evidence.Chain;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>A statement on its way through the one writer, and whoever waits for what comes of it.</summary>
/// <param name="Delivery">The statement.</param>
/// <param name="Decide">What to do with it inside the transaction.</param>
sealed record Decision(DeliveredHeartbeat Delivery, Func<EvidenceTransaction, IntakeOutcome> Decide)
{
    readonly TaskCompletionSource<IntakeOutcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The signed entry: whose it is, and where it stands among what else waits.</summary>
    public LedgerEntry Entry => Delivery.Heartbeat.Entry;

    public Task<IntakeOutcome> Answer => _answer.Task;

    public void Give(IntakeOutcome outcome) => _answer.TrySetResult(outcome);

    public void Fail(Exception failure) => _answer.TrySetException(failure);
}
