namespace Agent.Probing.Files;

/// <summary>Holds one segment against what time and bytes allow. Pure; the slack is for clocks and buffers, not for claims.</summary>
internal static class SegmentPlausibility
{
    /// <summary>Before this nothing in the field wrote these containers; such a time is a clock that was never set.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Clocks of recorder, storage and agent differ by a little, and a writer's last bytes reach the disk before its last moment is over.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    // A still scene at night through a thrifty encoder is some 500 bytes a second; one small picture a minute is three.
    // Short files are not held to it: of a few seconds the header alone can be most of the bytes, or hardly any.
    const double LeastBytesPerSecond = 1;
    static readonly TimeSpan LongEnoughForLeast = TimeSpan.FromMinutes(10);

    // More than a gigabit a second comes out of no camera. Of very short files even that proves nothing: space is allocated beforehand.
    const double MostBytesPerSecond = 125_000_000;
    static readonly TimeSpan LongEnoughForMost = TimeSpan.FromSeconds(10);

    // A day in one file is long for any recorder; then what a still scene needs is asked of it.
    static readonly TimeSpan LongFile = TimeSpan.FromHours(24);
    const double LeastBytesPerSecondOfLongFile = 1000;

    /// <summary>Whether it can begin when it says.</summary>
    /// <param name="start">Begin, UTC.</param>
    /// <param name="now">The time of the look.</param>
    public static Implausibility? OfStart(DateTimeOffset start, DateTimeOffset now) =>
        start < Earliest ? Implausibility.FromUnsetClock
        : start > now + ClockSlack ? Implausibility.FromFuture
        : null;

    /// <summary>Whether it can be as long as it says.</summary>
    /// <param name="start">Begin, UTC.</param>
    /// <param name="duration">Length its container claims.</param>
    /// <param name="bytes">Bytes of the file.</param>
    /// <param name="lastWritten">When it was last written, on the storage's clock.</param>
    public static Implausibility? OfLength(DateTimeOffset start, TimeSpan duration, long bytes, DateTimeOffset lastWritten)
    {
        // Copying and touching make a file younger, which proves nothing. Nothing honest makes it older than its own footage.
        // Without asking what time it is, so that the same file is always the same evidence; what reaches beyond now is not looked at.
        if (duration > lastWritten + ClockSlack - start)
            return Implausibility.LongerThanElapsed;
        return IsImpossible(duration, bytes) ? Implausibility.ImpossibleBitrate : null;
    }

    static bool IsImpossible(TimeSpan duration, long bytes) =>
        (duration > LongFile && bytes < duration.TotalSeconds * LeastBytesPerSecondOfLongFile)
        || (duration > LongEnoughForLeast && bytes < duration.TotalSeconds * LeastBytesPerSecond)
        || (duration > LongEnoughForMost && bytes > duration.TotalSeconds * MostBytesPerSecond);
}
