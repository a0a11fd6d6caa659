namespace Agent.Probing.Files.Indexing;

/// <summary>A file that is looked at every round: still written to, of the future, or unreadable for a reason that may pass.</summary>
internal readonly record struct OpenFile(FileRecord File)
{
    // Recorders make a file before they fill it, and write through buffers: until it was left alone for so long, a file without
    // bytes or without an end is one at work, and nothing to tell a person of.
    public static readonly TimeSpan AtWork = TimeSpan.FromMinutes(5);

    // Clocks of recorder and agent differ by a little; a segment further ahead than this is from the future.
    static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    /// <summary>It begins after the time that is asked about.</summary>
    public static bool IsAhead(in FileRecord file, LookTimes times) => file.Start >= times.Until.UtcTicks;

    /// <summary>It begins later than any clock can be wrong by.</summary>
    public static bool IsFromTheFuture(in FileRecord file, LookTimes times) => file.Start > (times.Now + ClockSlack).UtcTicks;

    public static bool IsLeftAlone(in FileRecord file, LookTimes times) => times.Now.UtcTicks - file.LastWritten > AtWork.Ticks;

    /// <summary>Whether what it comes to may change without a change of its folder.</summary>
    public static bool Is(in FileRecord file, LookTimes times) =>
        file.IsIndex
        || (!file.IsNobodys
        && (!IsLeftAlone(file, times) || IsAhead(file, times)
            || (file.State is FileState.UnreadableFile or FileState.UnplacedUnreadable && file.Detail != SegmentReader.NameNotUtf8)));
}
