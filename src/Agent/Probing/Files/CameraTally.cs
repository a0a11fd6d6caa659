using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files;

/// <summary>Gathers the segments of one camera and says at the end what they prove.</summary>
internal sealed class CameraTally(string camera)
{
    // An open file of an unknown recorder is believed this far; a longer one proves nothing until it has an end.
    static readonly TimeSpan LongestOpenSegment = TimeSpan.FromHours(2);

    readonly List<Segment> _segments = [];
    readonly List<TimeRange> _unseen = [];
    readonly List<(DateTimeOffset Start, long Bytes)> _written = [];

    public string Camera => camera;

    public long Bytes { get; private set; }

    public int Implausible { get; private set; }

    public bool IsEmpty => _segments.Count == 0;

    public void Add(Segment segment, long bytes)
    {
        _segments.Add(segment);
        Bytes += bytes;
        _written.Add((segment.Start, bytes));
    }

    /// <summary>A segment that cannot be true: counted, not used.</summary>
    public void Refuse() => Implausible++;

    /// <summary>A stretch of time that could not be looked at.</summary>
    public void AddUnseen(TimeRange range) => _unseen.Add(range);

    public CameraFootage Footage(string recorder, string layout, bool proven, TimeRange looked, IEnumerable<Finding> more)
    {
        _segments.Sort((a, b) => a.Start.CompareTo(b.Start));
        var usual = UsualSegment();
        var recorded = new List<TimeRange>(_segments.Count);
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            DateTimeOffset? next = i + 1 < _segments.Count ? _segments[i + 1].Start : null;
            if (segment.Duration is not null)
                recorded.Add(segment.Footage);
            else if (segment.MayBeOpen && next is null && IsBeingWritten(segment, usual, looked.To))
                recorded.Add(new TimeRange(segment.Start, Earlier(segment.LastWritten, looked.To)));
            else
                _unseen.Add(Unreadable(segment, next ?? looked.To, usual));
        }
        IEnumerable<Finding> findings = more;
        if (Implausible > 0)
            findings = findings.Append(new Finding(FindingCode.ImplausibleSegments, null, $"{Implausible} segments that cannot be true left out: from the future, from before 2000, or of more time than their bytes can hold"));
        return new CameraFootage
        {
            Observation = new Observation
            {
                Recorder = recorder,
                Camera = camera,
                Basis = Basis.Measured,
                Looked = looked,
                Recorded = RangeSet.Of(recorded, TimelineBuilder.Join).Clip(looked),
                Unseen = RangeSet.Of(_unseen).Clip(looked),
                LookedAt = looked.To,
            },
            Layout = layout,
            Proven = proven,
            Segments = _segments.Count,
            Bytes = Bytes,
            RecentBytes = _written.Where(w => w.Start >= looked.To - CameraStorage.LastDays).Sum(w => w.Bytes),
            UsualSegment = usual,
            Findings = [.. findings],
        };
    }

    /// <summary>An open file counts from its start to when it was last written, when that is a length a segment can have.</summary>
    static bool IsBeingWritten(Segment segment, TimeSpan usual, DateTimeOffset now)
    {
        var length = Earlier(segment.LastWritten, now) - segment.Start;
        return length >= TimeSpan.Zero && length <= (usual * 2 > LongestOpenSegment ? usual * 2 : LongestOpenSegment);
    }

    /// <summary>
    /// What an unreadable file may have held: a usual segment, longer when it was written for longer, and not beyond the next one.
    /// The time of writing alone can lie on the short side, where a recorder allocates its files beforehand.
    /// </summary>
    static TimeRange Unreadable(Segment segment, DateTimeOffset next, TimeSpan usual)
    {
        var end = Later(segment.LastWritten, segment.Start + (usual > TimeSpan.Zero ? usual : LongestOpenSegment));
        return new TimeRange(segment.Start, Later(segment.Start, Earlier(end, next)));
    }

    TimeSpan UsualSegment()
    {
        var lengths = _segments.Where(s => s.Duration > TimeSpan.Zero).Select(s => s.Duration!.Value).Order().ToList();
        return lengths.Count == 0 ? TimeSpan.Zero : lengths[lengths.Count / 2];
    }

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
