using Quartz;

namespace Agent.Hosting;

/// <summary>Tells when jobs begin and end.</summary>
internal sealed class WatchedJob(JobTimes times) : IJobListener
{
    public string Name => "jobs are watched";

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        times.Begin(context.JobDetail.Key.Name);
        return ValueTask.CompletedTask;
    }

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        times.End(context.JobDetail.Key.Name);
        return ValueTask.CompletedTask;
    }
}
