using Quartz;

namespace Agent.Delivery;

/// <summary>Makes and sends a heartbeat when the schedule says so.</summary>
[DisallowConcurrentExecution]
sealed class HeartbeatJob(HeartbeatRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await round.RunAsync(cancellationToken);
}
