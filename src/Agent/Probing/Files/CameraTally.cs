using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files.IndexFiles;
using Agent.Probing.Files.Indexing;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files;

/// <summary>Gathers what the folders hold of one camera and says at the end what it proves.</summary>
internal sealed class CameraTally(string camera)
{
    // An open file of an unknown recorder is believed this far; a longer one proves nothing until it has an end.
    static readonly TimeSpan LongestOpenSegment = TimeSpan.FromHours(2);

    readonly List<CameraFolder> _folders = [];
    readonly List<FileRecord> _open = [];
    readonly List<TimeRange> _unseen = [];

    readonly List<ListedFootage> _listed = [];

    SegmentDoubts _doubts;

    public string Camera => camera;

    public bool IsEmpty => _open.Count == 0 && _listed.Count == 0 && _folders.TrueForAll(f => f.Segments == 0);

    /// <summary>What one folder holds that is not open.</summary>
    public void Add(CameraFolder held)
    {
        _folders.Add(held);
        foreach (var hidden in held.Hidden)
            _unseen.Add(Range(hidden));
    }

    /// <summary>An open file that begins before the look.</summary>
    public void Add(in FileRecord open)
    {
        _doubts += SegmentDoubts.Of(open.State);
        if (open.HasFootage || open.IsLoose)
            _open.Add(open);
    }

    /// <summary>A segment that cannot be true: counted, not used.</summary>
    public void Refuse() => _doubts += SegmentDoubts.Of(FileState.OutOfTime);

    /// <summary>What the recorder's own index says.</summary>
    public void Add(ListedFootage listed)
    {
        _listed.Add(listed);
        if (listed.State == ListedState.Uncertain)
            _unseen.Add(listed.Range);
    }

    /// <summary>A stretch of time that could not be looked at.</summary>
    public void AddUnseen(TimeRange range) => _unseen.Add(range);

    /// <summary>What it all comes to.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="layout">Name of its layout.</param>
    /// <param name="proven">Whether the layout is.</param>
    /// <param name="looked">The time that was looked at.</param>
    /// <param name="basis">How its footage is known.</param>
    /// <param name="isClockUnknown">Names are of another zone than is said, so that nothing is known of when footage was recorded.</param>
    /// <param name="more">Findings made elsewhere.</param>
    public CameraFootage Footage(string recorder, string layout, bool proven, TimeRange looked, Basis basis, bool isClockUnknown, IEnumerable<Finding> more)
    {
        var usual = UsualSegment();
        var settled = RangeSet.Of(_folders.SelectMany(f => f.Ranges).Select(Range).Concat(_listed.Where(l => l.State == ListedState.Whole).Select(l => l.Range)), TimelineBuilder.Join);
        var recorded = new List<TimeRange>(settled);
        recorded.AddRange(_listed.Where(l => l.State == ListedState.Open).Select(l => l.Range));
        recorded.AddRange(_open.Where(f => f is { HasFootage: true, IsLate: false }).SelectMany(f => f.Pieces));
        AddLooseEnds(recorded, usual, looked);
        var late = RangeSet.Of(_folders.SelectMany(f => f.Late).Select(Range).Concat(_open.Where(f => f is { HasFootage: true, IsLate: true }).SelectMany(f => f.Pieces)), TimelineBuilder.Join);
        var measured = RangeSet.Of(recorded, TimelineBuilder.Join).Clip(looked);
        late = late.Clip(looked).Except(measured);
        if (isClockUnknown)
        {
            (settled, measured, late) = (RangeSet.Empty, RangeSet.Empty, RangeSet.Empty);
            AddUnseen(looked);
        }

        return new CameraFootage
        {
            Observation = new Observation
            {
                Recorder = recorder,
                Camera = camera,
                Basis = basis,
                Looked = looked,
                Recorded = measured,
                Unseen = RangeSet.Of(_unseen.Concat(late)).Clip(looked),
                LookedAt = looked.To,
            },
            Listed = [.. late.Select(range => new Observation
            {
                Recorder = recorder, Camera = camera, Basis = Basis.Listed, Looked = range, Recorded = RangeSet.Of([range]), LookedAt = looked.To,
            })],
            Settled = settled.Clip(looked),
            Layout = layout,
            Proven = proven,
            Segments = _folders.Sum(f => f.Segments) + _open.Count + _listed.Count(l => l.State != ListedState.Uncertain),
            Bytes = _folders.Sum(f => f.Bytes) + _open.Sum(f => f.Stamp.Size) + _listed.Sum(l => l.Bytes),
            RecentBytes = _folders.Sum(f => f.BytesSince(Recent(looked))) + _open.Where(f => f.Start >= Recent(looked)).Sum(f => f.Stamp.Size)
                + _listed.Where(l => l.Range.From.UtcTicks >= Recent(looked)).Sum(l => l.Bytes),
            UsualSegment = usual,
            // What seems wrong with the segments of a clock that is not believed is wrong with the clock.
            Findings = isClockUnknown ? [.. more] : [.. more, .. _folders.Aggregate(_doubts, (sum, f) => sum + f.Doubts).Findings(), .. AppearedLate(late)],
        };
    }

    void AddLooseEnds(List<TimeRange> recorded, TimeSpan usual, TimeRange looked)
    {
        var loose = _folders.SelectMany(f => f.Loose).Concat(_open.Where(f => f.IsLoose).Select(f => new LooseEnd(f.Start, f.LastWritten, f.State == FileState.NoEnd, null))).ToList();
        if (loose.Count == 0)
            return;
        // Where other segments begin, as far as that is known without one entry for each: joined ones count as the first of them.
        long[] starts =
        [
            .. _folders.SelectMany(f => f.Ranges.Concat(f.Late).Select(r => r.From)).Concat(_folders.Where(f => f.Newest is not null).Select(f => f.Newest!.Value.Start))
                .Concat(_open.Select(f => f.Start)).Concat(loose.Select(l => l.Start)).Order(),
        ];
        foreach (var end in loose.OrderBy(l => l.Start))
        {
            var next = Earliest(end.Next, NextOf(starts, end.Start));
            if (end.MayBeOpen && next is null && IsBeingWritten(end, usual, looked.To))
                recorded.Add(new TimeRange(At(end.Start), Earlier(At(end.LastWritten), looked.To)));
            else
                _unseen.Add(Unreadable(end, next is { } at ? At(at) : looked.To, usual));
        }
    }

    IEnumerable<Finding> AppearedLate(RangeSet late) => late.Count == 0 ? [] :
        [new Finding(FindingCode.AppearedLate, new TimeRange(late[0].From, late[^1].To),
            $"{late.Length.TotalHours.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} h of footage in {_folders.Sum(f => f.LateSegments) + _open.Count(f => f.IsLate)} segments first seen long after their end")];

    /// <summary>An open file counts from its start to when it was last written, when that is a length a segment can have.</summary>
    static bool IsBeingWritten(LooseEnd segment, TimeSpan usual, DateTimeOffset now)
    {
        var length = Earlier(At(segment.LastWritten), now) - At(segment.Start);
        return length >= TimeSpan.Zero && length <= (usual * 2 > LongestOpenSegment ? usual * 2 : LongestOpenSegment);
    }

    /// <summary>
    /// What an unreadable file may have held: a usual segment, longer when it was written for longer, and not beyond the next one.
    /// The time of writing alone can lie on the short side, where a recorder allocates its files beforehand.
    /// </summary>
    static TimeRange Unreadable(LooseEnd segment, DateTimeOffset next, TimeSpan usual)
    {
        var start = At(segment.Start);
        var end = Later(At(segment.LastWritten), start + (usual > TimeSpan.Zero ? usual : LongestOpenSegment));
        return new TimeRange(start, Later(start, Earlier(end, next)));
    }

    /// <summary>The median length; of several folders the median of their medians, each as heavy as the segments behind it.</summary>
    TimeSpan UsualSegment()
    {
        var lengths = _folders.Select(f => f.Lengths).Where(l => l.Count > 0)
            .Concat(_open.Where(f => f.HasFootage && f.End > f.Start).Select(f => (Count: 1, Median: f.End - f.Start)))
            .Concat(_listed.Where(l => l.State == ListedState.Whole).Select(l => (Count: 1, Median: l.Range.Length.Ticks))).OrderBy(l => l.Median).ToList();
        var half = lengths.Sum(l => (long)l.Count) / 2;
        foreach (var (count, median) in lengths)
            if ((half -= count) < 0)
                return new TimeSpan(median);
        return TimeSpan.Zero;
    }

    static long Recent(TimeRange looked) => (looked.To - CameraStorage.LastDays).UtcTicks;

    static long? NextOf(long[] starts, long start)
    {
        int low = 0, high = starts.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (starts[middle] <= start)
                low = middle + 1;
            else
                high = middle;
        }

        return low < starts.Length ? starts[low] : null;
    }

    static long? Earliest(long? a, long? b) => a is null || b < a ? b ?? a : a;

    static TimeRange Range((long From, long To) range) => new(At(range.From), At(range.To));

    static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
