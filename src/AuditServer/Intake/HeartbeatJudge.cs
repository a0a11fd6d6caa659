using System.Collections.Immutable;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Receipts;

namespace AuditServer.Intake;

/// <summary>
/// Judges the evidence in a heartbeat again and compares the verdicts. It runs after signature and chain were found sound and before
/// anything is stored; an opinion never refuses a statement.
/// </summary>
sealed class HeartbeatJudge(OwnPolicy policy)
{
    // A receipt has room for 64 KiB.
    const int MostCameras = 100;
    const int MostFigures = 3;

    /// <summary>The opinion on a statement of an agent that is pinned for <paramref name="site"/>.</summary>
    public HeartbeatOpinion Judge(VerifiedHeartbeat statement, string site)
    {
        try
        {
            return statement.Entry.Type == EntryTypes.Tick
                ? OfTick(TickCodec.Decode(statement.Entry.Body), site)
                : OfHeartbeat(HeartbeatCodec.Decode(statement.Entry.Body), statement.Entry.Time, site);
        }
        catch (FormatException e)
        {
            // The message may quote what was sent, and no database keeps a zero in a text.
            return new HeartbeatOpinion(ServerJudgement.NotJudged, [new ReceiptFinding("UnreadableBody", e.Message.Replace('\0', '\ufffd'))]);
        }
    }

    static HeartbeatOpinion OfTick(Tick tick, string site) => new(ServerJudgement.NotJudged, [.. OfSite(tick.Site, site)]) { Echo = tick.Receipt };

    HeartbeatOpinion OfHeartbeat(Heartbeat body, DateTimeOffset writtenAt, string site)
    {
        var audit = HeartbeatAuditor.Audit(body, writtenAt);
        var own = audit.Judged == ServerJudgement.NotJudged ? null : policy.Judge(body, site, claimsHold: audit.Judged == ServerJudgement.Agrees);
        return new HeartbeatOpinion(audit.Judged, [.. OfSite(body.Site, site), .. OfReason(audit), .. OfDifferences(audit.Differences)])
        {
            Echo = body.Receipt,
            Cameras = string.Join('\n', body.Cameras.Select(camera => $"{camera.Label.Camera} ({camera.Label.Kind.ToString().ToLowerInvariant()})").Order(StringComparer.Ordinal)),
            Recorders = [.. body.Cameras.SelectMany(camera => camera.Label.Recorders).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Verdicts = own is null ? null : JsonSerializer.Serialize(own, JsonSerializerOptions.Web),
            Worse = own is null ? null : OwnFindings.Of(own),
        };
    }

    static IEnumerable<ReceiptFinding> OfSite(string named, string site) =>
        named == site ? [] : [new ReceiptFinding("SiteDiffers", $"The statement names site {named}; its key is pinned for {site}.")];

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
