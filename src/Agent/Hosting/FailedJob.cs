using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Agent.Hosting;

/// <summary>
/// A job that throws is a bug, or a ledger that cannot be written: the process stops claiming and ends as failed, and the service
/// manager starts it anew.
/// </summary>
internal sealed class FailedJob(IHostApplicationLifetime lifetime, ILogger<FailedJob> log) : IJobListener
{
    public string Name => "failed jobs end the process";

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        if (jobException is not null && jobException.GetBaseException() is not OperationCanceledException)
        {
            log.LogCritical(jobException.GetBaseException(), "{Job} failed; the agent ends, so that nothing is claimed that was not measured", context.JobDetail.Key.Name);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        return ValueTask.CompletedTask;
    }
}
