namespace Agent.Evidence.Timelines;

/// <summary>
/// What one probe saw of one track. Times are on the recorder's clock; <see cref="ClockOffset"/> brings them to ours.
/// Inside <see cref="Looked"/>, what is neither <see cref="Recorded"/> nor <see cref="Unseen"/> was looked at and is not there.
/// </summary>
public sealed record Observation
{
    /// <summary>The recorder that was looked at.</summary>
    public required string Recorder { get; init; }

    /// <summary>The camera, unique within its recorder.</summary>
    public required string Camera { get; init; }

    /// <summary>What the track records.</summary>
    public TrackKind Kind { get; init; } = TrackKind.Video;

    /// <summary>How the probe knows.</summary>
    public required Basis Basis { get; init; }

    /// <summary>The time range the probe looked at.</summary>
    public required TimeRange Looked { get; init; }

    /// <summary>Footage found. For <see cref="Basis.Claimed"/>: the bounds the recorder states.</summary>
    public required RangeSet Recorded { get; init; }

    /// <summary>Ranges the probe could not look at (an unreadable folder or file).</summary>
    public RangeSet Unseen { get; init; } = RangeSet.Empty;

    /// <summary>Recorder's clock − ours, as measured.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>When the probe looked, on our clock. Nothing is known after it.</summary>
    public required DateTimeOffset LookedAt { get; init; }
}
