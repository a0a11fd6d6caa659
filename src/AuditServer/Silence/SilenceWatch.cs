using System.Data.Common;
using System.Globalization;
using AuditServer.Databases;
using AuditServer.Intake;

namespace AuditServer.Silence;

/// <summary>Misses agents that fall silent: one finding for each silence, closed by the next statement that is accepted.</summary>
sealed class SilenceWatch(EvidenceStore evidence, SilenceLimits limits, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, time);
        try
        {
            do
                Look();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    void Look()
    {
        try
        {
            var now = time.GetUtcNow();
            foreach (var agent in evidence.SilentSince(now - limits.Patience))
                if (evidence.Write(agent, sql => Miss(sql, agent, now)))
                    log.Warning("Agent {Agent} is silent", agent);
        }
        catch (DbException e)
        {
            log.Error(e, "Silent agents cannot be looked for; the next look is in {Minutes} min", Often.TotalMinutes);
        }
    }

    // It may have spoken since the look; and another server on the same database may have missed it first.
    bool Miss(SqlSession sql, string agent, DateTimeOffset now)
    {
        if (sql.Scalar("SELECT heard FROM agents WHERE agent = @agent", ("@agent", agent)) is not string heard || StoredText.Time(heard) >= now - limits.Patience)
            return false;

        // With the first receipt after the silence it is asked where it stands, with a nonce it cannot have known.
        AttestAsks.Add(evidence, sql, agent);
        return LastingFindings.Add(sql, agent, "MissingHeartbeat", string.Create(
            CultureInfo.InvariantCulture, $"Nothing was heard since {heard}; something is expected every {limits.Tick.TotalMinutes:0.#} min, and {limits.Grace.TotalMinutes:0.#} min are allowed beyond that."), now);
    }
}
