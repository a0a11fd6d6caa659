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
            log.Error(e, "The database failed while {What:l}; the next look is in {Minutes} min", What, every.TotalMinutes);
        }
    }

    /// <summary>
    /// Looks at one agent. What looking at it throws is that agent's: what one sent must not keep the others from being looked at, and must not
    /// end the server either, which would meet it again at its next start.
    /// </summary>
    protected async Task ApartAsync(string agent, Func<Task> look, CancellationToken cancel)
    {
        try
        {
            await look();
        }
        catch (Exception e) when (e is not (DbException or OutOfMemoryException) && !(e is OperationCanceledException && cancel.IsCancellationRequested))
        {
            log.Error(e, "Agent {Agent} was left out while {What:l}", agent, What);
        }
    }

    /// <summary>Looks at one agent after the other, each apart.</summary>
    protected async Task EachAsync(IEnumerable<string> agents, Action<string> look)
    {
        foreach (var agent in agents)
            await ApartAsync(agent, () =>
            {
                look(agent);
                return Task.CompletedTask;
            }, CancellationToken.None);
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
