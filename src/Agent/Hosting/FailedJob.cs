using System.Data.Common;
using Agent.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Agent.Hosting;

/// <summary>
/// A job that throws is a bug, or a ledger that cannot be written: the process stops claiming and ends as failed, and the service
/// manager starts it anew. A full disk is neither: starting anew makes no room, so the agent goes on looking and claims nothing.
/// </summary>
internal sealed class FailedJob(IHostApplicationLifetime lifetime, LedgerStore ledger, ILogger<FailedJob> log) : IJobListener
{
    public string Name => "failed jobs end the process";

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default)
    {
        var failure = jobException is null ? null : CauseOf(jobException);
        if (failure is LedgerWriteException { Full: true })
            log.LogCritical("{Job} could not write the ledger: the disk is full. Nothing is claimed until there is room", context.JobDetail.Key.Name);
        else if (failure is not null and not OperationCanceledException)
        {
            // A database that cannot be read would end the next run at the same place, if that did not look at all of it first.
            if (failure is DbException or LedgerDamagedException)
                ledger.Suspect(failure.Message);
            log.LogCritical(failure, "{Job} failed; the agent ends, so that nothing is claimed that was not measured", context.JobDetail.Key.Name);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        return ValueTask.CompletedTask;
    }

    // The innermost but one: what the ledger throws says more than the database's own words inside it.
    static Exception CauseOf(JobExecutionException exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
            if (e is LedgerWriteException or LedgerDamagedException)
                return e;
        return exception.GetBaseException();
    }
}
