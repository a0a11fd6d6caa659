using System.Data.Common;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Intake;

namespace AuditServer.Challenging;

/// <summary>
/// Asks agents for bytes they committed to, when the footage is nearly as old as it must become, and notices questions that stay
/// without an answer. Which segment is asked for, and when, the agent cannot know beforehand.
/// </summary>
sealed class ChallengeWatch(EvidenceStore evidence, CommitmentSeal seal, ChallengePlan plan, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    /// <summary>The finding about a question that stays without an answer; one that comes late closes it.</summary>
    public const string Unanswered = "ChallengeUnanswered";

    // An answer takes seconds and travels with the next tick.
    static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    // What one look opens of one agent; the rest waits for the next.
    const int MostAtOnce = 200;

    /// <summary>How the finding names a question.</summary>
    public static string NameOf(string ask) => $"(ask {ask})";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(plan.LookEvery, time);
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

    /// <summary>Asks what is due now, and notices what stayed without an answer.</summary>
    public void Look()
    {
        try
        {
            foreach (var agent in evidence.Read(CommitmentRows.Agents))
            {
                var asked = evidence.Write(agent, sql => Ask(sql, agent));
                if (asked > 0)
                    log.Information("Agent {Agent} is asked for the bytes of {Count} segments", agent, asked);
            }
        }
        catch (DbException e)
        {
            log.Error(e, "Agents cannot be asked for bytes now");
        }
    }

    int Ask(SqlSession sql, string agent)
    {
        var now = time.GetUtcNow();
        foreach (var overdue in CommitmentRows.Overdue(sql, agent, now - plan.Patience, now - AskAgain))
        {
            CommitmentRows.Conclude(sql, overdue.Chain, overdue.Seq, "unanswered");
            LastingFindings.Add(sql, agent, Unanswered, $"The agent was asked for bytes of camera {overdue.Camera} it committed to {NameOf(overdue.Ask)}, was heard since, and did not answer.", now);
        }

        CommitmentRows.Repeat(sql, agent, now - AskAgain);
        var asked = 0;
        var required = new Lazy<IReadOnlyDictionary<string, int>>(() => RequiredDays(sql, agent));
        foreach (var waiting in CommitmentRows.Unasked(sql, agent, MostAtOnce))
        {
            if (seal.Open(waiting.Jwe) is not { } commitment || commitment.Sample.Camera != waiting.Camera)
            {
                CommitmentRows.NoteAsked(sql, waiting.Chain, waiting.Seq, CommitmentRows.NeverAsked, now, "unreadable");
                continue;
            }

            var age = now - commitment.Sample.Range.To;
            var (from, to) = plan.WindowOf(required.Value.GetValueOrDefault(waiting.Camera, ChallengePlan.LeastDays), waiting.Seq);
            if (age >= to)
                CommitmentRows.NoteAsked(sql, waiting.Chain, waiting.Seq, CommitmentRows.NeverAsked, now, "expired");
            else if (age >= from && (CommitmentRows.LastAsked(sql, agent, waiting.Camera) is not { } last || now - last >= plan.Every))
            {
                var ask = new ChallengeAsk(NewId(), waiting.Epoch, waiting.Seq, commitment.Sample);
                CommitmentRows.NoteAsked(sql, waiting.Chain, waiting.Seq, ask.Id, now);
                evidence.Ask(sql, agent, ask);
                asked++;
            }
        }

        return asked;
    }

    static Dictionary<string, int> RequiredDays(SqlSession sql, string agent) =>
        NewestHeartbeat.CamerasOf(sql, agent).GroupBy(c => c.Label.Camera).ToDictionary(g => g.Key, g => g.Max(c => c.Policy.RequiredDays));

    static string NewId() => $"c-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}
