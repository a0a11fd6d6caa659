using Quartz;

namespace Agent.Auditing;

/// <summary>Commits to samples of footage when the schedule says so.</summary>
[DisallowConcurrentExecution]
internal sealed class CommitmentJob(CommitmentRound round) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await round.RunAsync(cancellationToken);
}
