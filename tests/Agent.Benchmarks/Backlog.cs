using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Ledger;

namespace Agent.Benchmarks;

/// <summary>What an agent has stated while it was offline, in a real data directory.</summary>
internal sealed class Backlog(DateTimeOffset began) : TimeProvider
{
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    TimeSpan _passed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Fills a data directory with statements that end now.</summary>
    public static void Fill(string data, string site, int statements, int cameras)
    {
        var clock = new Backlog(System.GetUtcNow() - (statements * Pause));
        using var identity = AgentIdentity.Open(data, site);
        using var ledger = LedgerStore.Open(data, identity, clock, "the-boot-before");
        ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        for (var i = 1; i <= statements; i++)
        {
            clock._passed += Pause;
            if (i % 13 == 0)
                ledger.AppendHeartbeat(after => HeartbeatCodec.Encode(clock.Heartbeat(after, site, cameras)));
            else
                ledger.AppendTick();
        }
    }

    public override DateTimeOffset GetUtcNow() => began + _passed;

    public override long GetTimestamp() => _passed.Ticks;

    Heartbeat Heartbeat(long after, string site, int cameras) => new()
    {
        After = after,
        Site = site,
        AsOf = GetUtcNow(),
        TimeZone = "Asia/Shanghai",
        Receipt = null,
        SoftwareVersion = "0.1.0",
        Cameras = [.. Enumerable.Range(1, cameras).Select(camera => MadeUpAgent.Camera(camera, GetUtcNow()))],
    };
}
