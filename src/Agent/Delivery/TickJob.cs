using Quartz;

namespace Agent.Delivery;

/// <summary>Makes and sends a sign of life when the schedule says so.</summary>
[DisallowConcurrentExecution]
sealed class TickJob(HeartbeatRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await round.TickAsync(cancellationToken);
}
