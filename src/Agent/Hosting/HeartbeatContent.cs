using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Ledger;
using Agent.Recorders;
using Agent.Rounds;

namespace Agent.Hosting;

/// <summary>What a heartbeat says: the newest result of every camera, by codes, with the evidence anyone can judge again.</summary>
internal sealed class HeartbeatContent(
    AgentConfiguration configuration, RoundResults results, Measurement measurement, CameraLabels labels, LedgerStore ledger, TimeProvider time)
{
    // A heartbeat speaks of the instant that was looked at last. When no round has ended for so long, it speaks of now,
    // and everything since the last look is unknown in it.
    static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    public ReadOnlyMemory<byte> Body(long after)
    {
        var latest = results.Latest;
        var now = time.GetUtcNow();
        var looked = latest.Count == 0 ? now : latest.Max(r => r.Outcome.LookedAt);
        var asOf = now - looked <= LongestSilence ? looked : now;
        return HeartbeatCodec.EncodeToFit(mostGaps => new Heartbeat
        {
            After = after,
            Site = configuration.Options.Site.Id,
            AsOf = asOf,
            TimeZone = configuration.Zone.Id,
            Receipt = ledger.Read.LastReceipt is { } receipt ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(receipt))) : null,
            SoftwareVersion = AgentLife.Version,
            Cameras = [.. latest.SelectMany(r => r.Cameras).Select(c => Statement(c, asOf, mostGaps))],
        });
    }

    CameraStatement Statement(CameraReport report, DateTimeOffset asOf, int mostGaps)
    {
        Basis? basis = report.Footage?.Observation.Basis;
        var label = new CameraLabel
        {
            Camera = labels.CodeOf(report.Recorder, report.Camera),
            Recorders = [labels.CodeOf(report.Recorder)],
            Strongest = basis,
            Weakest = report.Footage?.Listed.Count > 0 ? Basis.Listed : basis,
            Assignment = report.Assignment,
        };
        return CameraStatement.From(label, report.Evidence, report.Policy, measurement.Calendar, asOf, report.Findings, mostGaps);
    }
}
