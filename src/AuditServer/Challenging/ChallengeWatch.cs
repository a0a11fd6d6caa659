using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Challenging;

/// <summary>
/// Asks agents for bytes they committed to, when the footage is nearly as old as it must become, and notices questions that stay
/// without an answer. Which segment is asked for, and when, the agent cannot know beforehand.
/// </summary>
sealed class ChallengeWatch(EvidenceStore evidence, CommitmentSeal seal, ChallengePlan plan, TimeProvider time, Serilog.ILogger log) : Watch(plan.LookEvery, time, log)
{
    /// <summary>The finding about a question that stays without an answer; one that comes late closes it.</summary>
    public const string Unanswered = "ChallengeUnanswered";

    // An answer takes seconds and travels with the next tick.
    static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    // Nobody has footage from later than this; what says so would wait for ever.
    static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    // What one look opens of one agent; the rest waits for the next.
    const int MostAtOnce = 200;

    /// <summary>How the finding names a question.</summary>
    public static string NameOf(string ask) => $"(ask {ask})";

    protected override string What => "agents are asked for bytes";

    protected override Task LookAsync(CancellationToken cancel) => EachAsync(evidence.Read(CommitmentRows.Agents), agent =>
    {
        var asked = evidence.Write(agent, sql => Ask(sql, agent));
        if (asked > 0)
            Log.Information("Agent {Agent} is asked for the bytes of {Count} segments", agent, asked);
    });

    int Ask(SqlSession sql, string agent)
    {
        var now = Time.GetUtcNow();
        foreach (var overdue in CommitmentRows.Overdue(sql, agent, now - plan.Patience, now - AskAgain))
        {
            CommitmentRows.Conclude(sql, overdue.Chain, overdue.Seq, "unanswered");
            LastingFindings.Add(sql, agent, Unanswered, $"The agent was asked for bytes of camera {overdue.Camera} it committed to {NameOf(overdue.Ask)}, was heard since, and did not answer.", now);
        }

        CommitmentRows.Repeat(sql, agent, now - AskAgain);
        PlaceNew(sql, agent, now);
        CommitmentRows.Expire(sql, agent, now);
        return CommitmentRows.CamerasDue(sql, agent, now).Count(camera => AskFor(sql, agent, camera, now));
    }

    bool AskFor(SqlSession sql, string agent, string camera, DateTimeOffset now)
    {
        if (CommitmentRows.LastAsked(sql, agent, camera) is { } last && now - last < plan.Every)
            return false;
        if (CommitmentRows.AnyDue(sql, agent, camera, now) is not { } due)
            return false;
        if (seal.Open(due.Jwe) is not { } commitment)
        {
            CommitmentRows.GiveUp(sql, due.Chain, due.Seq, now, "unreadable");
            return false;
        }

        var ask = new ChallengeAsk(NewId(), due.Epoch, due.Seq, commitment.Sample);
        CommitmentRows.NoteAsked(sql, due.Chain, due.Seq, ask.Id, now);
        evidence.Ask(sql, agent, ask);
        return true;
    }

    // Each is opened here once, to see when it will be due; what waits for that day costs nothing until then.
    void PlaceNew(SqlSession sql, string agent, DateTimeOffset now)
    {
        var required = new Lazy<IReadOnlyDictionary<string, int>>(() => RequiredDays(sql, agent));
        foreach (var waiting in CommitmentRows.Unplaced(sql, agent, MostAtOnce))
            if (seal.Open(waiting.Jwe) is { } commitment && commitment.Sample.Camera == waiting.Camera && commitment.Sample.Range.To < now + Ahead)
            {
                var (from, to) = plan.WindowOf(required.Value.GetValueOrDefault(waiting.Camera, ChallengePlan.LeastDays), waiting.Seq);
                CommitmentRows.Place(sql, waiting.Chain, waiting.Seq, commitment.Sample.Range.To + from, commitment.Sample.Range.To + to);
            }
            else
                CommitmentRows.GiveUp(sql, waiting.Chain, waiting.Seq, now, "unreadable");
    }

    static Dictionary<string, int> RequiredDays(SqlSession sql, string agent) =>
        NewestHeartbeat.CamerasOf(sql, agent).GroupBy(c => c.Label.Camera).ToDictionary(g => g.Key, g => g.Max(c => c.Policy.RequiredDays));

    static string NewId() => $"c-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}
