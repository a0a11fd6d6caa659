using System.Globalization;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Silence;

/// <summary>Misses agents that fall silent: one finding for each silence, closed by the next statement that is accepted.</summary>
sealed class SilenceWatch(EvidenceStore evidence, SilenceLimits limits, TimeProvider time, Serilog.ILogger log) : Watch(Often, time, log)
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    protected override string What => "silent agents are looked for";

    protected override Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        return EachAsync(evidence.SilentSince(now - limits.Patience), agent =>
        {
            if (evidence.Write(agent, sql => Miss(sql, agent, now)))
                Log.Warning("Agent {Agent} is silent", agent);
        });
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
