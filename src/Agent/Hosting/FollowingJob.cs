using Quartz;

namespace Agent.Hosting;

/// <summary>Starts what is to follow a job that ended with something to follow.</summary>
internal sealed class FollowingJob(IReadOnlyList<ScheduledJob> jobs) : IJobListener
{
    public string Name => "jobs are followed";

    public async ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        if (context.Result is not true || jobs.Single(job => job.Name == context.JobDetail.Key.Name).Then is not { } next)
            return;
        try
        {
            await context.Scheduler.TriggerJob(new JobKey(next), cancellationToken);
        }
        catch (SchedulerException) when (context.Scheduler.Status is SchedulerStatus.ShuttingDown or SchedulerStatus.Shutdown)
        {
            // A stop waits for the jobs that run and starts no others. What was made is in the outbox and goes out after the next start.
        }
    }
}
