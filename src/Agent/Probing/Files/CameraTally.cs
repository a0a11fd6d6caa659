using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
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

    int _refused;

    public string Camera => camera;

    public bool IsEmpty => _open.Count == 0 && _folders.TrueForAll(f => f.Segments == 0);

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
        if (open.State is FileState.BeyondItsBytes or FileState.OutOfTime)
            Refuse();
        if (open.HasFootage || open.IsLoose)
            _open.Add(open);
    }

    /// <summary>A segment that cannot be true: counted, not used.</summary>
    public void Refuse() => _refused++;

    /// <summary>A stretch of time that could not be looked at.</summary>
    public void AddUnseen(TimeRange range) => _unseen.Add(range);

    /// <summary>What it all comes to.</summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="layout">Name of its layout.</param>
    /// <param name="proven">Whether the layout is.</param>
    /// <param name="looked">The time that was looked at.</param>
    /// <param name="more">Findings made elsewhere.</param>
    public CameraFootage Footage(string recorder, string layout, bool proven, TimeRange looked, IEnumerable<Finding> more)
    {
        var usual = UsualSegment();
        var settled = RangeSet.Of(_folders.SelectMany(f => f.Ranges).Select(Range), TimelineBuilder.Join);
        var recorded = new List<TimeRange>(settled);
        recorded.AddRange(_open.Where(f => f is { HasFootage: true, IsLate: false }).Select(f => f.Footage));
        AddLooseEnds(recorded, usual, looked);
        var late = RangeSet.Of(_folders.SelectMany(f => f.Late).Select(Range).Concat(_open.Where(f => f is { HasFootage: true, IsLate: true }).Select(f => f.Footage)), TimelineBuilder.Join);
        var measured = RangeSet.Of(recorded, TimelineBuilder.Join).Clip(looked);
        late = late.Clip(looked).Except(measured);
        return new CameraFootage
        {
            Observation = new Observation
            {
                Recorder = recorder,
                Camera = camera,
                Basis = Basis.Measured,
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
            Segments = _folders.Sum(f => f.Segments) + _open.Count,
            Bytes = _folders.Sum(f => f.Bytes) + _open.Sum(f => f.Stamp.Size),
            RecentBytes = _folders.Sum(f => f.BytesSince(Recent(looked))) + _open.Where(f => f.Start >= Recent(looked)).Sum(f => f.Stamp.Size),
            UsualSegment = usual,
            Findings = [.. more, .. Implausible(), .. AppearedLate(late)],
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

    IEnumerable<Finding> Implausible() => _refused + _folders.Sum(f => f.Implausible) is > 0 and var count
        ? [new Finding(FindingCode.ImplausibleSegments, null, $"{count} segments that cannot be true left out: from the future, from before 2000, or of more time than their bytes can hold")]
        : [];

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
            .Concat(_open.Where(f => f.HasFootage && f.End > f.Start).Select(f => (Count: 1, Median: f.End - f.Start))).OrderBy(l => l.Median).ToList();
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
