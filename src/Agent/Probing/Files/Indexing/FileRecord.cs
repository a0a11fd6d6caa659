using Agent.Evidence.Timelines;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.IndexFiles;

namespace Agent.Probing.Files.Indexing;

/// <summary>One file as the index knows it. Times are UTC ticks.</summary>
internal readonly record struct FileRecord
{
    /// <summary>Its name within the folder.</summary>
    public required string Name { get; init; }

    public required FileState State { get; init; }

    public FileStamp Stamp { get; init; }

    /// <summary>The look that met it first.</summary>
    public long FirstSeen { get; init; }

    /// <summary>The camera; null when its name does not tell one.</summary>
    public string? Camera { get; init; }

    /// <summary>When it begins, by its path.</summary>
    public long Start { get; init; }

    /// <summary>When its footage ends, where the container tells.</summary>
    public long End { get; init; }

    /// <summary>Stretches between its start and its end in which nothing was recorded, ascending and apart; null when there is none.</summary>
    public IReadOnlyList<(long From, long To)>? Holes { get; init; }

    /// <summary>What the recorder's own index lists; null for every other file.</summary>
    public IReadOnlyList<ListedFootage>? Listed { get; init; }

    /// <summary>First seen long after its claimed end, although we had looked in between: never better than listed.</summary>
    public bool IsLate { get; init; }

    /// <summary>What was wrong with it.</summary>
    public string? Detail { get; init; }

    /// <summary>Somewhere between its start and its end there may be footage, nobody knows where.</summary>
    public bool HidesTime => State is FileState.NotOnItsDay or FileState.Unplaced or FileState.UnplacedUnreadable;

    /// <summary>It says nothing of any camera.</summary>
    public bool IsNobodys => State is FileState.UnrecognisedName or FileState.UntakenIndex or FileState.Index or FileState.Beside;

    /// <summary>The recorder's own index, taken or not.</summary>
    public bool IsIndex => State is FileState.Index or FileState.UntakenIndex;

    /// <summary>From its start to its end, whatever is missing between them.</summary>
    public TimeRange Footage => Range(Start, End);

    /// <summary>What was recorded between its start and its end.</summary>
    public IEnumerable<TimeRange> Pieces
    {
        get
        {
            var from = Start;
            foreach (var (begin, end) in Holes ?? [])
            {
                if (begin > from)
                    yield return Range(from, begin);
                from = end;
            }

            if (End > from)
                yield return Range(from, End);
        }
    }

    public bool HasFootage => State is FileState.Footage or FileState.Truncated;

    /// <summary>A segment of a camera whose end nothing readable tells.</summary>
    public bool IsLoose => State is FileState.NoEnd or FileState.UnreadableContainer or FileState.UnreadableFile or FileState.BeyondItsBytes or FileState.LongerThanElapsed;

    /// <summary>When it was last written; the epoch when that could not be read.</summary>
    public long LastWritten => State is FileState.UnreadableFile or FileState.UnplacedUnreadable ? DateTime.UnixEpoch.Ticks : Stamp.Modified;

    /// <summary>What a look into a placed file comes to.</summary>
    public static FileRecord Of(string name, string camera, DateTimeOffset start, FileLook look, long firstSeen)
    {
        var record = new FileRecord { Name = name, State = StateOf(start, look), Stamp = look.Stamp, FirstSeen = firstSeen, Camera = camera, Start = start.UtcTicks };
        return record.State switch
        {
            FileState.Footage or FileState.Truncated => record with { End = EndOf(start.UtcTicks, look.Container.Duration), Holes = HolesIn(start.UtcTicks, look.Container) },
            FileState.UnreadableFile => record with { Detail = look.Failure },
            FileState.UnreadableContainer => record with { Detail = look.Container.Detail },
            FileState.BeyondItsBytes or FileState.LongerThanElapsed => record with { End = EndOf(start.UtcTicks, look.Container.Duration) },
            _ => record,
        };
    }

    /// <summary>What a look into a file comes to whose path does not tell the time, and which nothing else places.</summary>
    /// <param name="length">Of its footage; null when nothing tells it.</param>
    public static FileRecord Unplaced(string name, string camera, TimeRange mayLie, TimeSpan? length, FileLook look, long firstSeen) => new()
    {
        Name = name,
        State = length is not null ? FileState.NotOnItsDay
            : look.Failure is not null ? FileState.UnplacedUnreadable
            : look.Container.State == ContainerState.Empty ? FileState.Empty
            : FileState.Unplaced,
        Stamp = look.Stamp,
        FirstSeen = firstSeen,
        Camera = camera,
        Start = mayLie.From.UtcTicks,
        End = mayLie.To.UtcTicks,
        Detail = look.Failure ?? look.Container.Detail,
    };

    static FileState StateOf(DateTimeOffset start, FileLook look)
    {
        if (look.Failure is not null)
            return FileState.UnreadableFile;
        var reading = look.Container;
        return reading.State switch
        {
            ContainerState.Whole or ContainerState.Open or ContainerState.Truncated when SegmentPlausibility.OfLength(start, reading.Duration, look.Length, look.LastWritten) is { } doubt =>
                doubt == Implausibility.ImpossibleBitrate ? FileState.BeyondItsBytes : FileState.LongerThanElapsed,
            ContainerState.Whole or ContainerState.Open => FileState.Footage,
            ContainerState.Truncated => FileState.Truncated,
            ContainerState.NoEnd => FileState.NoEnd,
            ContainerState.Empty => FileState.Empty,
            _ => FileState.UnreadableContainer,
        };
    }

    static (long From, long To)[]? HolesIn(long start, ContainerReading reading) =>
        reading.Holes is { Count: > 0 } holes ? [.. holes.Select(hole => (EndOf(start, hole.From), EndOf(start, hole.To)))] : null;

    static TimeRange Range(long from, long to) => new(new DateTimeOffset(from, TimeSpan.Zero), new DateTimeOffset(to, TimeSpan.Zero));

    // No calendar holds the end of a file that claims ten thousand years.
    static long EndOf(long start, TimeSpan duration) => duration.Ticks > DateTimeOffset.MaxValue.UtcTicks - start ? DateTimeOffset.MaxValue.UtcTicks : start + duration.Ticks;
}
