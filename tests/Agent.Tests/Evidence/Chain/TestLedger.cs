using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

namespace Agent.Tests.Evidence.Chain;

/// <summary>Writes a sound chain in memory, and heartbeats out of it, for tests to check or to break.</summary>
sealed class TestLedger(string agent = "HZ-0001-a", Guid? epoch = null)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public Guid Epoch { get; } = epoch ?? new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01");

    public DateTimeOffset Now { get; set; } = Start;

    public List<ReadOnlyMemory<byte>> Entries { get; } = [];

    public long LastHeartbeat { get; set; }

    /// <summary>The key that signs.</summary>
    public Func<ECDsa> Signer { get; set; } = TestKeys.Agent;

    public static LedgerEntry Entry(long seq = 1, string body = "{}") => new()
    {
        Agent = "HZ-0001-a",
        Epoch = new Guid("0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01"),
        Seq = seq,
        Time = Start,
        Boot = "boot-1",
        MonotonicMilliseconds = 5,
        Previous = EntryCodec.NoPrevious,
        Type = "tick",
        Body = Encoding.UTF8.GetBytes(body),
    };

    public TestLedger Append(string type = "tick", string body = "{}")
    {
        Now += TimeSpan.FromSeconds(1);
        Entries.Add(EntryCodec.Encode(new LedgerEntry
        {
            Agent = agent,
            Epoch = Epoch,
            Seq = Entries.Count + 1,
            Time = Now,
            Boot = "boot-1",
            MonotonicMilliseconds = Entries.Count * 1000,
            Previous = Entries.Count == 0 ? EntryCodec.NoPrevious : EntryCodec.Hash(Entries[^1].Span),
            Type = type,
            Body = Encoding.UTF8.GetBytes(body),
        }));
        return this;
    }

    /// <summary>Appends a heartbeat after <paramref name="between"/> other entries and returns the request that delivers it.</summary>
    /// <param name="between">How many ticks go before it.</param>
    /// <param name="version">What it says of its software: two heartbeats that differ in it tell two stories.</param>
    /// <param name="cameras">What it says of cameras.</param>
    public HeartbeatRequest Heartbeat(int between = 2, string version = "0.1.0", params CameraStatement[] cameras) =>
        HeartbeatOf(Encoding.UTF8.GetString(HeartbeatCodec.Encode(new Heartbeat
        {
            After = LastHeartbeat,
            Site = "HZ-0001",
            AsOf = cameras.Length == 0 ? Now : cameras[0].Timeline.Window.To,
            TimeZone = "Asia/Shanghai",
            Receipt = null,
            SoftwareVersion = version,
            Cameras = [.. cameras],
        })), between);

    /// <summary>The same with a body of the caller's.</summary>
    public HeartbeatRequest HeartbeatOf(string body, int between = 0)
    {
        for (var i = 0; i < between; i++)
            Append();

        return StatementOf(EntryTypes.Heartbeat, body);
    }

    /// <summary>Appends a signed tick and returns the request that delivers it.</summary>
    public HeartbeatRequest Tick(string? receipt = null, string site = "HZ-0001") => StatementOf(EntryTypes.Tick, Encoding.UTF8.GetString(TickCodec.Encode(new Tick
    {
        After = LastHeartbeat,
        Site = site,
        Receipt = receipt,
        Pending = 0,
        SetAside = 0,
    })));

    /// <summary>Appends the entry in which the present key gives its word for another, which signs from there on.</summary>
    public TestLedger Rotate(ECDsa next)
    {
        using var old = Signer();
        var rotation = new KeyRotation(agent, Epoch, Entries.Count + 1, Jwk.FromKey(next));
        Append(EntryTypes.KeyRotate, Encoding.UTF8.GetString(KeyRotationCodec.EncodeBody(Jws.Sign(KeyRotationCodec.Encode(rotation), StatementTypes.KeyRotation, old))));
        Signer = () => ECDsa.Create(next.ExportParameters(includePrivateParameters: true));
        return this;
    }

    HeartbeatRequest StatementOf(string type, string body)
    {
        Append(type, body);
        using var key = Signer();
        var request = new HeartbeatRequest(
            Jws.Sign(Entries[^1].Span, type == EntryTypes.Tick ? StatementTypes.Tick : StatementTypes.Heartbeat, key),
            [.. Entries.Skip((int)LastHeartbeat).SkipLast(1).Select(entry => Encoding.UTF8.GetString(entry.Span))]);
        LastHeartbeat = Entries.Count;
        return request;
    }
}
