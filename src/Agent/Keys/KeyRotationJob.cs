using Quartz;

namespace Agent.Keys;

/// <summary>Looks whether the signing key is due or asked for when the schedule says so.</summary>
[DisallowConcurrentExecution]
sealed class KeyRotationJob(KeyRotationRound round) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        round.Run();
        return ValueTask.CompletedTask;
    }
}
