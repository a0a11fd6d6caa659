using System.Security.Cryptography.X509Certificates;

namespace FakeRecorder;

/// <summary>Everything a made-up recorder is: its cameras and what it holds of them, its clock, its manners and what is wrong with it.</summary>
public sealed record RecorderScript
{
    /// <summary>
    /// Each camera by its name, with what is recorded of it, in true time. Footage that ends at or after now is still being written.
    /// Ranges that touch are files that follow each other; ranges that overlap are one run of footage.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Cameras { get; init; }

    /// <summary>Cameras that are connected and of which the recorder lists no recording, as those whose recordings were not made over ONVIF.</summary>
    public IReadOnlySet<string> Unlisted { get; init; } = new HashSet<string>();

    /// <summary>The true time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How far the recorder's clock is ahead of the true time: every instant it tells is off by this much.</summary>
    public TimeSpan ClockOffset { get; init; }

    public Personality Personality { get; init; }

    /// <summary>Changes the manners of the personality; null leaves them.</summary>
    public Func<Quirks, Quirks>? Adjust { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>The operation at which the fault strikes, such as "FindEvents"; null where it strikes wherever it can.</summary>
    public string? FaultAt { get; init; }

    /// <summary>Null where the recorder lets everybody in.</summary>
    public RecorderLogin? Login { get; init; }

    /// <summary>Where the faults that point at another host point.</summary>
    public Uri Elsewhere { get; init; } = new("http://127.0.0.2:9/onvif/device_service");

    /// <summary>Makes the recorder speak TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Where its streams and its replay are; null where nothing listens there.</summary>
    public int? RtspPort { get; init; }

    /// <summary>The UDP port at which it answers WS-Discovery; 0: any that is free; null: it cannot be discovered.</summary>
    public int? DiscoveryPort { get; init; }

    /// <summary>What it calls itself when it is discovered. Some recorders are a tds:Device and nothing else.</summary>
    public string DiscoveredAs { get; init; } = "dn:NetworkVideoTransmitter tds:Device";

    internal Quirks Quirks => Adjust?.Invoke(Personalities.Of(Personality)) ?? Personalities.Of(Personality);
}
