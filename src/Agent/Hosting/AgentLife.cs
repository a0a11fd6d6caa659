using System.Security.Cryptography;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Hosting;

/// <summary>Writes the first and the last ledger entry of a run: which program ran, with which configuration, from when to when.</summary>
internal sealed class AgentLife(AgentConfiguration configuration, LedgerStore ledger, CameraCodes codes, ILogger<AgentLife> log) : IHostedLifecycleService
{
    public static string Version { get; } = typeof(AgentLife).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            ledger.AppendStart(Version, ProgramHash.Of(AppContext.BaseDirectory), HashOf(configuration.File), configuration.Settings.ToDictionary(s => s.Key, s => codes.FingerprintOf(s.Value), StringComparer.Ordinal));
        }
        catch (LedgerWriteException e) when (e.Full)
        {
            // Ending would change nothing, and what cannot be written is not claimed. The ledger writes the start when there is room.
            log.LogCritical(e, "The agent begins without its ledger: the disk is full");
        }

        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            ledger.AppendStop();
        }
        catch (LedgerWriteException e) when (e.Full)
        {
            log.LogCritical(e, "The agent ends without its ledger: the disk is full. The next start will say that nobody wrote a stop");
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static string HashOf(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
