using Quartz;

namespace Agent.Delivery;

/// <summary>Sends what waits in the outbox, and what the audit server asked for by now, when the schedule says so.</summary>
[DisallowConcurrentExecution]
sealed class DeliveryJob(HeartbeatRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await round.RunIfDueAsync(cancellationToken);
}
