using System.Data.Common;
using System.Security.Cryptography;
using AuditServer.Databases;
using AuditServer.Intake;

namespace AuditServer.Polling;

/// <summary>Has agents without an address attest where they stand, about once a day and at moments they cannot know: asked with a receipt.</summary>
sealed class AttestWatch(PollTargets targets, EvidenceStore evidence, PollPlan plan, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(10);

    // When each is asked next. Drawn again after a start; an agent may then be asked a little later than it would have been.
    readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

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
            var polled = targets.All().Select(target => target.Agent).ToHashSet(StringComparer.Ordinal);
            foreach (var agent in evidence.Read(Agents).Where(agent => !polled.Contains(agent)))
            {
                if (!_due.TryGetValue(agent, out var due))
                    _due[agent] = now + Random(TimeSpan.Zero, plan.AttestTo - plan.AttestFrom);
                else if (now >= due)
                {
                    _due[agent] = now + Random(plan.AttestFrom, plan.AttestTo);
                    evidence.Write(agent, sql => AttestAsks.Add(evidence, sql, agent));
                }
            }
        }
        catch (DbException e)
        {
            log.Error(e, "Agents cannot be asked to attest now");
        }
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
