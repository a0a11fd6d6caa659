using System.Buffers.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using AuditServer.Intake;
using AuditServer.Receipts;
using AuditServer.Sites;

namespace AuditServer.Fleet;

/// <summary>The latest state of every agent that is pinned or was ever heard of.</summary>
sealed class FleetView(PinnedAgents pinned, EvidenceStore evidence, TimeProvider time)
{
    public IReadOnlyList<SiteState> Read()
    {
        var now = time.GetUtcNow();
        var pins = pinned.All().ToLookup(pin => pin.Agent);
        var heard = evidence.Latest().ToDictionary(latest => latest.Agent);

        return [.. pins.Select(same => same.Key).Union(heard.Keys)
            .Select(agent => heard.TryGetValue(agent, out var latest)
                ? State(latest, IsRevoked(agent), now)
                : new SiteState { Site = pins[agent].First().Site, Agent = agent, Revoked = IsRevoked(agent) })
            .OrderBy(state => state.Site, StringComparer.Ordinal).ThenBy(state => state.Agent, StringComparer.Ordinal)];

        bool IsRevoked(string agent) => pins[agent].All(pin => pin.Revoked);
    }

    static SiteState State(LatestHeartbeat latest, bool revoked, DateTimeOffset now)
    {
        var entry = EntryCodec.Decode(latest.EntryBytes);
        using var body = JsonDocument.Parse(entry.Body);
        return new SiteState
        {
            Site = latest.Site,
            Agent = latest.Agent,
            Revoked = revoked,
            Epoch = entry.Epoch,
            Seq = entry.Seq,
            Time = entry.Time,
            ReceivedAt = latest.ReceivedAt,
            SilentSeconds = Lateness.Seconds(latest.ReceivedAt, now),
            LateSeconds = Lateness.Seconds(entry.Time, latest.ReceivedAt),
            Head = EntryCodec.Hash(latest.EntryBytes.Span),
            Findings = latest.Findings,
            Heartbeat = body.RootElement.Clone(),
            Receipt = PayloadOf(latest.Receipt),
            ReceiptJws = latest.Receipt,
        };
    }

    // The signature is this server's own and comes from its own evidence; whoever reads the answer checks it.
    static JsonElement PayloadOf(string jws)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(jws.Split('.')[1]));
        return payload.RootElement.Clone();
    }
}
