using Agent.Evidence.Timelines;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Challenging;

/// <summary>
/// Notices cameras that record and of which nothing is committed to: nobody can ask for their bytes later, and an agent's owner could
/// prefer it that way.
/// </summary>
sealed class CommitmentWatch(EvidenceStore evidence, TimeProvider time, Serilog.ILogger log) : Watch(Often, time, log)
{
    /// <summary>The finding; the next commitment for the camera closes it.</summary>
    public const string Missing = "NothingCommitted";

    // Commitments are made every day; a day without a route and a day of repair are no finding.
    static readonly TimeSpan Patience = TimeSpan.FromDays(3);
    static readonly TimeSpan Often = TimeSpan.FromHours(1);

    /// <summary>How the finding names a camera.</summary>
    public static string NameOf(string camera) => $"footage of camera {camera} for";

    protected override string What => "cameras without commitments are looked for";

    protected override Task LookAsync(CancellationToken cancel)
    {
        var now = Time.GetUtcNow();
        return EachAsync(evidence.Read(sql => CommitmentRows.HeardSince(sql, now - Patience)), agent => evidence.Write(agent, sql => Miss(sql, agent, now)));
    }

    static int Miss(SqlSession sql, string agent, DateTimeOffset now)
    {
        var since = now - Patience;
        if (CommitmentRows.KnownSince(sql, agent) is not { } known || known > since)
            return 0;

        var missed = 0;
        foreach (var camera in NewestHeartbeat.CamerasOf(sql, agent))
            if (camera.Label.Kind == TrackKind.Video && camera.Claimed.Newest > since && !CommitmentRows.IsCommittedSince(sql, agent, camera.Label.Camera, since)
                && LastingFindings.Add(sql, agent, Missing, $"The agent has committed to no {NameOf(camera.Label.Camera)} three days, so that nobody can ask for its bytes.", now))
                missed++;
        return missed;
    }
}
