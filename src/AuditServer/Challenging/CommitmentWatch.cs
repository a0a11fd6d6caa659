using System.Data.Common;
using Agent.Evidence.Timelines;
using AuditServer.Databases;
using AuditServer.Intake;

namespace AuditServer.Challenging;

/// <summary>
/// Notices cameras that record and of which nothing is committed to: nobody can ask for their bytes later, and an agent's owner could
/// prefer it that way.
/// </summary>
sealed class CommitmentWatch(EvidenceStore evidence, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    /// <summary>The finding; the next commitment for the camera closes it.</summary>
    public const string Missing = "NothingCommitted";

    // Commitments are made every day; a day without a route and a day of repair are no finding.
    static readonly TimeSpan Patience = TimeSpan.FromDays(3);
    static readonly TimeSpan Often = TimeSpan.FromHours(1);

    /// <summary>How the finding names a camera.</summary>
    public static string NameOf(string camera) => $"footage of camera {camera} for";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Often, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>Looks at every agent that is heard.</summary>
    public void Look()
    {
        try
        {
            var now = time.GetUtcNow();
            foreach (var agent in evidence.Read(sql => CommitmentRows.HeardSince(sql, now - Patience)))
                evidence.Write(agent, sql => Miss(sql, agent, now));
        }
        catch (DbException e)
        {
            log.Error(e, "Cameras without commitments cannot be looked for; the next look is in {Hours} h", Often.TotalHours);
        }
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
