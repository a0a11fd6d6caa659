using System.Data.Common;

namespace AuditServer.Hosting;

/// <summary>Looks at something again and again for as long as the server runs.</summary>
/// <param name="every">Time between two looks.</param>
abstract class Watch(TimeSpan every, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    protected TimeProvider Time => time;

    protected Serilog.ILogger Log => log;

    /// <summary>What it does, as the log says it: "agents are asked to attest".</summary>
    protected abstract string What { get; }

    /// <summary>Looks once.</summary>
    protected abstract Task LookAsync(CancellationToken cancel);

    /// <summary>Looks once; a database that fails is logged, and looked into again the next time.</summary>
    public async Task LookNowAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
        }
        catch (DbException e)
        {
            log.Error(e, "The database failed while {What}; the next look is in {Minutes} min", What, every.TotalMinutes);
        }
    }

    /// <summary>
    /// Looks at one agent after the other. What looking at one of them throws is that one's: what one agent sent must not keep the
    /// others from being looked at, and must not end the server either, which would meet it again at its next start.
    /// </summary>
    protected void Each(IEnumerable<string> agents, Action<string> look)
    {
        foreach (var agent in agents)
            try
            {
                look(agent);
            }
            catch (Exception e) when (e is not (DbException or OutOfMemoryException))
            {
                log.Error(e, "Agent {Agent} was left out while {What}", agent, What);
            }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        try
        {
            do
                await LookNowAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}
