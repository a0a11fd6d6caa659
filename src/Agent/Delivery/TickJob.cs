using Quartz;

namespace Agent.Delivery;

/// <summary>Makes a sign of life when the schedule says so. Its delivery is a job of its own, which may take long and must not hold up the next.</summary>
[DisallowConcurrentExecution]
sealed class TickJob(HeartbeatRound round) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        round.Tick();
        context.Result = true;
        return ValueTask.CompletedTask;
    }
}
