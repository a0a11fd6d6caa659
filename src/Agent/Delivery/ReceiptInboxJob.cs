using Quartz;

namespace Agent.Delivery;

/// <summary>Looks for receipts that were carried here when the schedule says so.</summary>
[DisallowConcurrentExecution]
sealed class ReceiptInboxJob(ReceiptInboxRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await round.RunAsync(cancellationToken);
}
