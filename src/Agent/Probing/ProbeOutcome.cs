using Agent.Probing.Files;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing;

/// <summary>What came of looking at one recorder. Probes never throw for what the world does.</summary>
internal sealed record ProbeOutcome
{
    /// <summary>The recorder.</summary>
    public required string Recorder { get; init; }

    /// <summary>When the look began, on our clock; nothing is known after it.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>Cameras seen, in the order of their names.</summary>
    public IReadOnlyList<CameraFootage> Cameras { get; init; } = [];

    /// <summary>What went wrong or must be known.</summary>
    public IReadOnlyList<ProbeProblem> Problems { get; init; } = [];

    /// <summary>Recorder's clock − ours, by which its times are brought to ours; zero when it was not asked, or nothing was seen.</summary>
    public TimeSpan ClockOffset => Cameras is [var any, ..] ? any.Observation.ClockOffset : TimeSpan.Zero;

    /// <summary>The volume the footage lies on; null when it was not looked at.</summary>
    public VolumeReading? Volume { get; init; }

    /// <summary>The recorder could not be looked at as a whole: everything about its cameras is unknown.</summary>
    public bool Failed { get; init; }

    /// <summary>One of several ways to look at it failed: a camera that was not met may be there.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>
    /// Something failed in a way that may pass, so that what is missing now may be there at the next look: nothing is lost by this one.
    /// </summary>
    public bool Unsteady { get; init; }

    /// <summary>What the files say of the zone of their names; null when they do not name a clock, or were not asked.</summary>
    public NamesZone? Names { get; init; }

    /// <summary>Name of the zone that names were read by, where nobody said one and it is not the machine's; null otherwise.</summary>
    public string? InferredZone { get; init; }

    /// <summary>What of each camera has gone or was replaced since the look before, also of cameras that have nothing left.</summary>
    public IReadOnlyDictionary<string, GoneFootage> Gone { get; init; } = new Dictionary<string, GoneFootage>();
}
