using Agent.Evidence.Timelines;

namespace Agent.Tests.FakeRecorders;

/// <summary>
/// What one camera recorded in up to six weeks: files of one length or one endless file, that touch, overlap, pause and stop for hours;
/// perhaps still recording, perhaps not for days.
/// </summary>
sealed class RecorderHistory
{
    // As long as recorders make them, an endless one included.
    static readonly int[] Minutes = [30, 60, 60, 120, 100_000];

    // Nothing between one and three seconds, where whole seconds may join or part what a finer clock would not.
    static readonly TimeSpan Joined = TimeSpan.FromSeconds(2);

    readonly Random _random;
    readonly double _outages;

    /// <summary>A history up to now.</summary>
    /// <param name="grain">The recorder begins and ends files at whole multiples of it, by its own clock.</param>
    /// <param name="ahead">How far its clock is ahead.</param>
    public RecorderHistory(Random random, DateTimeOffset now, TimeSpan ahead, TimeSpan grain)
    {
        _random = random;
        _outages = new[] { 0, 0, 0, 0.002, 0.01, 0.05 }[random.Next(6)];
        var length = TimeSpan.FromMinutes(Minutes[random.Next(Minutes.Length)]);
        var end = Grained(random.Next(4) == 0 ? now - TimeSpan.FromSeconds(random.Next(1, 200_000)) : now.AddYears(1), ahead, grain);
        var files = new List<(DateTimeOffset From, DateTimeOffset To)>();
        var from = Grained(now - TimeSpan.FromSeconds(random.NextDouble() * 42 * 86_400), ahead, grain);
        while (from < end && from < now)
        {
            var outage = length > TimeSpan.FromDays(1) && _outages > 0 ? TimeSpan.FromSeconds(random.Next(3600, 86_400 * 12)) : length;
            var to = Grained(from + outage < end ? from + outage : end, ahead, grain);
            if (to > from)
                files.Add((from, to));
            if (to == end)
                break;
            from = Grained(to + Pause(length > TimeSpan.FromDays(1)), ahead, grain);
        }

        Files = files;
    }

    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Files { get; }

    /// <summary>The runs of footage that there are when somebody looks.</summary>
    public RangeSet TruthAt(DateTimeOffset looked)
    {
        var runs = new List<TimeRange>();
        foreach (var (from, to) in Files.Where(file => file.From < looked).Select(file => (file.From, To: file.To < looked ? file.To : looked)))
            if (runs.Count > 0 && from - runs[^1].To <= Joined)
                runs[^1] = new TimeRange(runs[^1].From, to > runs[^1].To ? to : runs[^1].To);
            else
                runs.Add(new TimeRange(from, to));
        return RangeSet.Of(runs);
    }

    TimeSpan Pause(bool always)
    {
        var dice = _random.NextDouble();
        return dice < _outages / 2 || (always && dice < 0.3) ? TimeSpan.FromSeconds(_random.Next(1200, 18_000))
            : dice < _outages || (always && dice < 0.6) ? TimeSpan.FromSeconds(_random.Next(4, 600))
            : always ? TimeSpan.FromDays(_random.Next(1, 4))
            : dice > 0.97 ? -TimeSpan.FromSeconds(_random.Next(2, 50))
            : dice > 0.9 ? TimeSpan.FromMilliseconds(_random.Next(900))
            : TimeSpan.Zero;
    }

    static DateTimeOffset Grained(DateTimeOffset instant, TimeSpan ahead, TimeSpan grain) => instant.AddTicks(-((instant + ahead).Ticks % grain.Ticks));
}
