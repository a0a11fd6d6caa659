using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>What replay showed of one recording. All times are the recorder's clock, uncorrected.</summary>
internal sealed record ReplayAnswer
{
    /// <summary>Why nothing, or no more, could be seen; null when all that was asked was looked at.</summary>
    public RtspFailure? Failure { get; init; }

    /// <summary>The same in one printable clause.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The failure is only that nothing came after the last picture, without a word of its being the last: it may be the newest footage there is,
    /// or a disk that does not answer.
    /// </summary>
    public bool FellSilent { get; init; }

    /// <summary>Where footage is: between pictures that were really delivered.</summary>
    public RangeSet Recorded { get; init; } = RangeSet.Empty;

    /// <summary>The part of it between whose instants nothing was played: footage was found at either end, and of what lies between nothing was seen.</summary>
    public RangeSet SteppedOver { get; init; } = RangeSet.Empty;

    /// <summary>What was looked at. Inside of it, what is not recorded is a gap; outside of it nothing is known. A recorder that falls silent proves nothing.</summary>
    public RangeSet Looked { get; init; } = RangeSet.Empty;

    /// <summary>The first footage at or after the instant that was asked for; null when none was delivered.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>Gaps shorter than this may not be told apart from footage.</summary>
    public TimeSpan Resolution { get; init; }

    /// <summary>What the recorder says it has, unproven; null when it says nothing.</summary>
    public TimeRange? Claimed { get; init; }

    /// <summary>How often something was played.</summary>
    public int Plays { get; init; }

    /// <summary>How often a session was opened.</summary>
    public int Sessions { get; init; }
}
