using Quartz;

namespace Agent.Delivery;

/// <summary>Makes a heartbeat when the schedule says so, and asks for its delivery, which may take long and must not hold up the next.</summary>
[DisallowConcurrentExecution]
sealed class HeartbeatJob(HeartbeatRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        round.State();
        await context.Scheduler.TriggerJob(DeliveryJob.Now, cancellationToken);
    }
}
