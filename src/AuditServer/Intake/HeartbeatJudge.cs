using System.Collections.Immutable;
using Agent.Evidence.Statements;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Judges the evidence in a heartbeat again and compares the verdicts. It runs after signature and chain were found sound and before
/// anything is stored; an opinion never refuses a heartbeat.
/// </summary>
static class HeartbeatJudge
{
    // A receipt has room for 64 KiB.
    const int MostCameras = 100;
    const int MostFigures = 3;

    /// <summary>The opinion on a heartbeat of an agent that is pinned for <paramref name="site"/>.</summary>
    public static HeartbeatOpinion Judge(VerifiedHeartbeat heartbeat, string site)
    {
        Heartbeat body;
        try
        {
            body = HeartbeatCodec.Decode(heartbeat.Entry.Body);
        }
        catch (FormatException e)
        {
            return new HeartbeatOpinion(ServerJudgement.NotJudged, [new ReceiptFinding("UnreadableBody", e.Message)]);
        }

        var audit = HeartbeatAuditor.Audit(body, heartbeat.Entry.Time);
        return new HeartbeatOpinion(audit.Judged, [.. OfSite(body, site), .. OfReason(audit), .. OfDifferences(audit.Differences)]);
    }

    static IEnumerable<ReceiptFinding> OfSite(Heartbeat body, string site) =>
        body.Site == site ? [] : [new ReceiptFinding("SiteDiffers", $"The heartbeat names site {body.Site}; its key is pinned for {site}.")];

    static IEnumerable<ReceiptFinding> OfReason(HeartbeatAudit audit) =>
        audit.Reason is { } reason ? [new ReceiptFinding("NotJudged", reason)] : [];

    static IEnumerable<ReceiptFinding> OfDifferences(ImmutableArray<JudgementDifference> differences)
    {
        var cameras = differences.GroupBy(d => d.Camera).ToList();
        foreach (var camera in cameras.Take(MostCameras))
            yield return new ReceiptFinding("VerdictDiffers", $"{string.Join("; ", camera.Take(MostFigures))}{More(camera.Count() - MostFigures, "figures")}.");
        if (cameras.Count > MostCameras)
            yield return new ReceiptFinding("VerdictDiffers", $"The same holds for {cameras.Count - MostCameras} more cameras.");
    }

    static string More(int count, string what) => count > 0 ? $"; and {count} more {what}" : "";
}
