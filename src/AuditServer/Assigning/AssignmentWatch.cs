using Agent.Evidence.Statements;
using AuditServer.Challenging;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Assigning;

/// <summary>
/// Brings assignments to agents and sees to it that they are followed: asks with the next receipt wherever the newest heartbeat of a camera
/// does not say what is assigned and that the authority said so, and again when heartbeats go on without it.
/// </summary>
sealed class AssignmentWatch(EvidenceStore evidence, TimeProvider time, Serilog.ILogger log) : Watch(Often, time, log)
{
    /// <summary>The finding about an agent that was asked and goes by other days; the heartbeat that follows closes it.</summary>
    public const string NotFollowed = "AssignmentNotFollowed";

    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    // A round and the heartbeat after it take an hour at most, as agents are delivered.
    static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    protected override string What => "assignments are brought to agents";

    protected override Task LookAsync(CancellationToken cancel)
    {
        var sites = evidence.Read(AssignmentRows.Agents).ToDictionary(found => found.Agent, found => found.Site, StringComparer.Ordinal);
        return EachAsync(sites.Keys, agent =>
        {
            if (evidence.Write(agent, sql => Bring(sql, agent, sites[agent])) is > 0 and var asked)
                Log.Information("Agent {Agent} is asked to follow {Count} assignments", agent, asked);
        });
    }

    /// <summary>Looks at one agent.</summary>
    /// <returns>How many assignments it is asked to follow that it was not asked before.</returns>
    public int Bring(SqlSession sql, string agent, string site)
    {
        var now = Time.GetUtcNow();
        var told = NewestHeartbeat.CamerasOf(sql, agent).ToLookup(camera => camera.Label.Camera, StringComparer.Ordinal);
        var asked = 0;
        foreach (var assignment in AssignmentRows.InForce(sql, site))
            if (!told.Contains(assignment.Camera))
                continue; // Another agent's, or one that is still to come.
            else if (told[assignment.Camera].All(camera => camera.Policy.RequiredDays == assignment.Days && camera.Label.Assignment == Assignment.Signed))
                Follow(sql, agent, assignment, now);
            else if (Ask(sql, agent, assignment, now))
                asked++;

        return asked;
    }

    static void Follow(SqlSession sql, string agent, StoredAssignment assignment, DateTimeOffset now)
    {
        if (AssignmentRows.NoteFollowed(sql, agent, assignment.Ask, now))
            LastingFindings.Close(sql, agent, NotFollowed, NameOf(assignment.Camera), now);
    }

    bool Ask(SqlSession sql, string agent, StoredAssignment assignment, DateTimeOffset now)
    {
        if (evidence.Ask(sql, agent, new AssignAsk(assignment.Ask, assignment.Camera, assignment.Days)) == 1)
            return true;
        if (!AssignmentRows.IsPassedOver(sql, agent, assignment.Ask, now - Patience))
            return false;

        AssignmentRows.Repeat(sql, agent, assignment.Ask);
        LastingFindings.Add(sql, agent, NotFollowed, $"The authority assigned {assignment.Days} days to {NameOf(assignment.Camera)}; the agent was told, and its heartbeats go by something else.", now);
        return false;
    }

    static string NameOf(string camera) => $"camera {camera} of its site";
}
