using System.Security.Cryptography;
using AuditServer.Challenging;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Polling;

/// <summary>Has agents without an address attest where they stand, about once a day and at moments they cannot know: asked with a receipt.</summary>
sealed class AttestWatch(PollTargets targets, EvidenceStore evidence, PollPlan plan, TimeProvider time, Serilog.ILogger log) : Watch(Often, time, log)
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(10);

    // An answer takes seconds.
    static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    protected override string What => "agents are asked to attest";

    protected override Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var polled = targets.All().Select(target => target.Agent).ToHashSet(StringComparer.Ordinal);
        return EachAsync(evidence.Read(Agents), agent =>
        {
            evidence.Write(agent, sql => AttestAsks.Repeat(sql, agent, now - AskAgain));
            if (!polled.Contains(agent))
                evidence.Write(agent, sql => IsDue(sql, agent, now) && AttestAsks.Add(evidence, sql, agent));
        });
    }

    // Each look draws anew, with the odds that make every moment of the time allowed as likely as any other: what was asked last stands in
    // the rows, and nothing has to be remembered that a restart would forget.
    bool IsDue(SqlSession sql, string agent, DateTimeOffset now)
    {
        var (from, to) = AttestAsks.LastAsked(sql, agent) is { } last
            ? (last + plan.AttestFrom, last + plan.AttestTo)
            : CommitmentRows.KnownSince(sql, agent) is { } known ? (known, known + (plan.AttestTo - plan.AttestFrom)) : (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        return now >= to || (now >= from && RandomNumberGenerator.GetInt32((int)(to - now).TotalSeconds + 1) < Often.TotalSeconds);
    }

    static List<string> Agents(SqlSession sql)
    {
        using var row = sql.Read("SELECT agent FROM agents");
        var agents = new List<string>();
        while (row.Read())
            agents.Add(row.GetString(0));
        return agents;
    }
}
