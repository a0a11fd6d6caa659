using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Benchmarks;

/// <summary>Writes the ledger of an agent that never was, and signs statements out of it in advance.</summary>
internal sealed class MadeUpAgent(int number, int cameras, DateTimeOffset now) : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly Guid _epoch = Guid.NewGuid();
    string _previous = EntryCodec.NoPrevious;
    long _seq;
    long _statement;

    public string Pin => $$"""{"site":"HZ-{{number:D4}}","agent":"{{Name}}","key":{{Jwk.FromKey(_key).ToJson()}}}""";

    string Name => $"HZ-{number:D4}-a";

    /// <summary>The body of a request that delivers a tick or a heartbeat, and beside it the entry in which the receipt before it would stand.</summary>
    public byte[] Statement(bool tick)
    {
        var between = _statement == 0 ? [] : new[] { Append(EntryTypes.Receipt, Encoding.ASCII.GetBytes($$"""{"jws":"{{new string('r', 700)}}"}""")) };
        var bytes = tick
            ? Append(EntryTypes.Tick, TickCodec.Encode(new Tick { After = _statement, Site = $"HZ-{number:D4}", Receipt = null, Pending = 0, SetAside = 0 }))
            : Append(EntryTypes.Heartbeat, HeartbeatCodec.Encode(Heartbeat()));
        _statement = _seq;
        return new HeartbeatRequest(
            Jws.Sign(bytes, tick ? StatementTypes.Tick : StatementTypes.Heartbeat, _key), [.. between.Select(Encoding.UTF8.GetString)]).Encode();
    }

    public void Dispose() => _key.Dispose();

    byte[] Append(string type, byte[] body)
    {
        var bytes = EntryCodec.Encode(new LedgerEntry
        {
            Agent = Name,
            Epoch = _epoch,
            Seq = ++_seq,
            Time = now,
            Boot = "boot-1",
            MonotonicMilliseconds = _seq * 1000,
            Previous = _previous,
            Type = type,
            Body = body,
        });
        _previous = EntryCodec.Hash(bytes);
        return bytes;
    }

    Heartbeat Heartbeat() => new()
    {
        After = _statement,
        Site = $"HZ-{number:D4}",
        AsOf = now,
        TimeZone = "Asia/Shanghai",
        Receipt = null,
        SoftwareVersion = "0.1.0",
        Cameras = [.. Enumerable.Range(1, cameras).Select(camera => Camera(camera, now))],
    };

    /// <summary>A month of footage with a hole of a few minutes on every third day.</summary>
    public static CameraStatement Camera(int camera, DateTimeOffset now)
    {
        var window = new TimeRange(now.AddDays(-31), now);
        var holes = RangeSet.Of(Enumerable.Range(1, 10).Select(day => new TimeRange(now.AddDays(-3 * day), now.AddDays(-3 * day).AddMinutes(4))));
        return CameraStatement.From(
            new CameraLabel { Camera = $"c-{camera}", Recorders = ["r-1"], Strongest = Basis.Measured, Weakest = Basis.Measured },
            new CameraEvidence
            {
                Timeline = Timeline.Of(window, holes.Complement(window), RangeSet.Empty, RangeSet.Empty),
                LookedAt = now,
                Freshness = RetentionPolicy.LeastFreshness,
                Commissioning = null,
                Losses = [],
                Proven = true,
            },
            new RetentionPolicy(), new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), now);
    }
}
