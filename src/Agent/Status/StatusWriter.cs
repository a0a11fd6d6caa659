using System.Data.Common;
using Agent.Rounds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Status;

/// <summary>Writes the snapshot at every turn of its clock and whenever a round ended.</summary>
internal sealed class StatusWriter(string directory, TakeStatus take, RoundResults results, TimeProvider time, ILogger<StatusWriter> log) : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim _changed = new(0, 1);
    bool _failed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        StatusFile.Remove(directory);
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        results.Changed += Wake;
        try
        {
            using var clock = new PeriodicTimer(Every, time);
            var turn = clock.WaitForNextTickAsync(stoppingToken).AsTask();
            var change = _changed.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                Write();
                if (await Task.WhenAny(turn, change) == turn)
                    turn = clock.WaitForNextTickAsync(stoppingToken).AsTask();
                else
                    change = _changed.WaitAsync(stoppingToken);
            }
        }
        finally
        {
            results.Changed -= Wake;
        }
    }

    void Wake()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    // A surface must not end what it shows: without a fresh file the agent counts as not running, which is told apart by its log.
    void Write()
    {
        try
        {
            StatusFile.Write(directory, take());
            _failed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            if (!_failed)
                log.LogWarning("The status cannot be written: {Message}", e.Message);
            _failed = true;
        }
    }
}
