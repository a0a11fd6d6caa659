using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>Makes runs of footage of the times of pictures, which need not come in order: pictures are sent as they are decoded.</summary>
internal sealed class FootageRuns
{
    /// <summary>Footage at most this far apart is one run; the format fixes it.</summary>
    public static readonly TimeSpan Join = TimeSpan.FromSeconds(2);

    // A run of one picture is not empty.
    static readonly TimeSpan OnePicture = TimeSpan.FromMilliseconds(1);

    readonly List<DateTimeOffset> _times = [];

    public void Add(DateTimeOffset time) => _times.Add(time);

    public void Add(ReplayStamp stamp) => Add(stamp.Time);

    public int Count => _times.Count;

    public DateTimeOffset Newest => _times.Max();

    /// <summary>From the first to the last picture of each run.</summary>
    /// <param name="join">The largest distance inside one.</param>
    public RangeSet Of(TimeSpan join) => RangeSet.Of(_times.Select(time => new TimeRange(time, time + OnePicture)), join);

    /// <summary>The usual distance of two pictures; zero when there are no two.</summary>
    public TimeSpan UsualDistance()
    {
        if (_times.Count < 2)
            return TimeSpan.Zero;
        var sorted = _times.Order().ToList();
        var distances = sorted.Skip(1).Zip(sorted, (later, earlier) => later - earlier).Order().ToList();
        return distances[distances.Count / 2];
    }
}
