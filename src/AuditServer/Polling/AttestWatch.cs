using System.Security.Cryptography;
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

    // When each is asked next. Drawn again after a start; an agent may then be asked a little later than it would have been.
    readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

    protected override string What => "agents are asked to attest";

    protected override Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        var polled = targets.All().Select(target => target.Agent).ToHashSet(StringComparer.Ordinal);
        return EachAsync(evidence.Read(Agents), agent =>
        {
            evidence.Write(agent, sql => AttestAsks.Repeat(sql, agent, now - AskAgain));
            if (!polled.Contains(agent) && IsDue(agent, now))
                evidence.Write(agent, sql => AttestAsks.Add(evidence, sql, agent));
        });
    }

    bool IsDue(string agent, DateTimeOffset now)
    {
        if (!_due.TryGetValue(agent, out var due))
        {
            _due[agent] = now + Random(TimeSpan.Zero, plan.AttestTo - plan.AttestFrom);
            return false;
        }

        if (now < due)
            return false;
        _due[agent] = now + Random(plan.AttestFrom, plan.AttestTo);
        return true;
    }

    static List<string> Agents(SqlSession sql)
    {
        using var row = sql.Read("SELECT agent FROM agents");
        var agents = new List<string>();
        while (row.Read())
            agents.Add(row.GetString(0));
        return agents;
    }

    static TimeSpan Random(TimeSpan from, TimeSpan to) => from + TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32((int)(to - from).TotalSeconds + 1));
}
