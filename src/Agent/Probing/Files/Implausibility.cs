namespace Agent.Probing.Files;

/// <summary>Why a segment cannot be what it says it is. What is implausible is not evidence: its time is neither footage nor absence.</summary>
internal enum Implausibility
{
    /// <summary>It begins later than now.</summary>
    FromFuture,

    /// <summary>It begins before recorders wrote such files: a clock that was never set.</summary>
    FromUnsetClock,

    /// <summary>It was last written before the moment at which it claims to end: more footage than time has passed since it began.</summary>
    LongerThanElapsed,

    /// <summary>So few bytes for so much time, or so many, as no camera makes.</summary>
    ImpossibleBitrate,
}
