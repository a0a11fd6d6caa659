using System.Net.Sockets;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Agent.Hosting;

/// <summary>
/// Proves that the schedule moves. It turns by the monotonic clock, needs nothing of the scheduler to do so, and gives a job that is
/// late two chances: its trigger is made anew, and when that does not help within another period the process ends as failed, so that
/// the service manager starts it again. While all is well the service manager hears of it; when this itself stops turning, it does not.
/// </summary>
/// <param name="renew">Makes the trigger of a job anew.</param>
/// <param name="fail">Stops the agent in order, as failed.</param>
/// <param name="end">Ends a process that cannot be stopped in order any more.</param>
/// <param name="systemd">The service manager; null when it is another.</param>
internal sealed class Watchdog(
    JobTimes times, Func<string, Task> renew, Action fail, Action<string> end, ISystemdNotifier? systemd, TimeProvider time, ILogger<Watchdog> log)
    : BackgroundService
{
    /// <summary>How often it looks. The unit's WatchdogSec must be several times as long.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    // The host gives everything half a minute to stop; a job that holds what the last ledger entry needs would hold it up for good.
    static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(45);

    static readonly ServiceState Alive = new("WATCHDOG=1");

    bool _hasFailed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = new PeriodicTimer(Every, time);
        while (await clock.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    /// <summary>One turn.</summary>
    internal void Look()
    {
        var late = times.Look().Where(job => job.Standing != JobStanding.OnTime).ToList();
        foreach (var job in late)
            Treat(job);
        if (late.Count == 0)
            TellAlive();
    }

    void Treat(JobStatus job)
    {
        var (isRenewed, isInVain) = times.RenewalOf(job.Job);
        if (job.Standing == JobStanding.Stuck || isInVain)
        {
            End(job);
        }
        else if (!isRenewed)
        {
            log.LogError("{Late:l}: it is scheduled anew", job.Warnings.First());
            times.Renew(job.Job);
            // Beside the watchdog, which must go on turning when the scheduler does not answer.
            _ = Task.Run(() => RenewAsync(job.Job));
        }
    }

    async Task RenewAsync(string job)
    {
        try
        {
            await renew(job);
        }
        catch (Exception e)
        {
            // Then it did not help, and the watchdog will see it.
            log.LogError(e, "'{Job:l}' could not be scheduled anew", job);
        }
    }

    void End(JobStatus job)
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        log.LogCritical("{Late:l}, and scheduling it anew cannot help: the agent ends, to be started again", job.Warnings.First());
        _ = EndAsync($"The agent did not stop within {LongestStop.TotalSeconds:0} s after its watchdog failed it because of '{job.Job}'.");
        fail();
    }

    async Task EndAsync(string why)
    {
        await Task.Delay(LongestStop, time);
        end(why);
    }

    void TellAlive()
    {
        try
        {
            systemd?.Notify(Alive);
        }
        catch (SocketException e)
        {
            // The service manager decides what it makes of the silence.
            log.LogWarning("The service manager cannot be told that the agent is well: {Message}", e.Message);
        }
    }
}
