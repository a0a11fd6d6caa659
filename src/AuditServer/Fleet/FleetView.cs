using System.Buffers.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using AuditServer.Intake;
using AuditServer.Receipts;
using AuditServer.Silence;
using AuditServer.Sites;

namespace AuditServer.Fleet;

/// <summary>The latest state of every agent that is pinned or was ever heard of.</summary>
sealed class FleetView(BelievedKeys keys, EvidenceStore evidence, SilenceLimits limits, TimeProvider time)
{
    public IReadOnlyList<SiteState> Read()
    {
        var now = time.GetUtcNow();
        var pins = keys.All().ToLookup(pin => pin.Agent);
        var heard = evidence.Latest().ToDictionary(latest => latest.Agent);

        return [.. pins.Select(same => same.Key).Union(heard.Keys)
            .Select(agent => heard.TryGetValue(agent, out var latest)
                ? State(latest, IsRevoked(agent), now)
                : new SiteState { Site = pins[agent].First().Site, Agent = agent, Revoked = IsRevoked(agent) })
            .OrderBy(state => state.Site, StringComparer.Ordinal).ThenBy(state => state.Agent, StringComparer.Ordinal)];

        bool IsRevoked(string agent) => pins[agent].Where(pin => pin.Retired is null).All(pin => pin.Revoked);
    }

    SiteState State(LatestHeartbeat latest, bool revoked, DateTimeOffset now)
    {
        var state = new SiteState
        {
            Site = latest.Site,
            Agent = latest.Agent,
            Revoked = revoked,
            HeardAt = latest.HeardAt,
            ExpectedBy = latest.HeardAt + limits.Patience,
            MissedSince = latest.MissedSince,
            AttestedAt = latest.AttestedAt,
            SilentSeconds = Lateness.Seconds(latest.HeardAt, now),
            Findings = latest.Findings,
        };
        if (latest.Heartbeat is not { } heartbeat)
            return state;

        var entry = EntryCodec.Decode(heartbeat.EntryBytes);
        return state with
        {
            Epoch = entry.Epoch,
            Seq = entry.Seq,
            Time = entry.Time,
            ReceivedAt = heartbeat.ReceivedAt,
            LateSeconds = Lateness.Seconds(entry.Time, heartbeat.ReceivedAt),
            Head = EntryCodec.Hash(heartbeat.EntryBytes.Span),
            Heartbeat = JsonElement.Parse(entry.Body.Span),
            Verdicts = heartbeat.Verdicts,
            Receipt = PayloadOf(heartbeat.Receipt),
            ReceiptJws = heartbeat.Receipt,
        };
    }

    // The signature is this server's own and comes from its own evidence; whoever reads the answer checks it.
    internal static JsonElement PayloadOf(string jws) => JsonElement.Parse(Base64Url.DecodeFromChars(jws.Split('.')[1]));
}
