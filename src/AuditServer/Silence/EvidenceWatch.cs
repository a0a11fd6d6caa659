using System.Globalization;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Silence;

/// <summary>
/// Misses evidence of agents that say no more than that they are there: one finding for each such time, over with the next heartbeat. Of a silent agent its silence
/// is finding enough.
/// </summary>
sealed class EvidenceWatch(EvidenceStore evidence, SilenceLimits limits, TimeProvider time, Serilog.ILogger log) : Watch(Often, time, log)
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);
    const string Code = "EvidenceMissing";

    protected override string What => "agents without evidence are looked for";

    protected override async Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var (without, over) = evidence.Read(sql => (
            Agents(sql, "a.heard >= @heard AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.agent = a.agent AND f.code = @code AND f.closed IS NULL)", now),
            Agents(sql, "EXISTS (SELECT 1 FROM findings f WHERE f.agent = a.agent AND f.code = @code AND f.closed IS NULL)", now, isThere: true)));
        await EachAsync(over, agent => evidence.Write(agent, sql => LastingFindings.Close(sql, agent, Code, now)));
        await EachAsync(without, agent =>
        {
            if (evidence.Write(agent, sql => LastingFindings.AddUnlessOpen(sql, agent, Code, string.Create(CultureInfo.InvariantCulture,
                $"Up to {StoredText.Of(now)} there were only ticks for {limits.EvidencePatience.TotalMinutes:0.#} min or more; a heartbeat with all evidence is expected every {limits.Evidence.TotalMinutes:0.#} min."), now)))
                Log.Warning("Agent {Agent} sends no evidence", agent);
        });
    }

    // Of an agent that just began no evidence is due yet.
    List<string> Agents(SqlSession sql, string which, DateTimeOffset now, bool isThere = false)
    {
        const string Recent = "SELECT 1 FROM chains c JOIN statements s ON s.chain = c.id AND s.seq = c.beat_seq WHERE c.agent = a.agent AND s.received >= @since";
        const string Old = "SELECT 1 FROM chains c JOIN statements s ON s.chain = c.id WHERE c.agent = a.agent AND s.received < @since";
        using var row = sql.Read(
            $"SELECT a.agent FROM agents a WHERE {which} AND {(isThere ? $"EXISTS ({Recent})" : $"EXISTS ({Old}) AND NOT EXISTS ({Recent})")}",
            ("@heard", StoredText.Of(now - limits.Patience)), ("@since", StoredText.Of(now - limits.EvidencePatience)), ("@code", Code));
        var agents = new List<string>();
        while (row.Read())
            agents.Add(row.GetString(0));
        return agents;
    }
}
