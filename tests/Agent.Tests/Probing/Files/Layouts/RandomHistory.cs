using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// What one camera recorded in the last one to three days: whole files of a few lengths, pauses, overlaps and outages between them, a
/// file that begins exactly at midnight or when the clocks change, and perhaps one at work.
/// </summary>
sealed class RandomHistory
{
    /// <summary>Lengths of whole files, in seconds.</summary>
    internal static readonly int[] Lengths = [60, 600, 3600, 7200];

    readonly Random _random;
    readonly double _outages;

    internal RandomHistory(Random random, DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? change, bool mayBeOpen)
    {
        _random = random;
        _outages = new[] { 0, 0, 0.02, 0.06, 0.2 }[random.Next(5)];
        var span = TimeSpan.FromHours(random.Next(20, 50));
        var segments = new List<RecordedSegment>();
        var anchor = Anchor(now, zone, change);
        for (var end = anchor; end > now - span;)
        {
            var begin = end - Length();
            segments.Add(new RecordedSegment(new TimeRange(begin, end), IsOpen: false));
            end = begin - Pause();
        }
        segments.Reverse();
        var from = anchor;
        for (var length = Length(); from + length <= now; length = Length())
        {
            segments.Add(new RecordedSegment(new TimeRange(from, from + length), IsOpen: false));
            from += length + Pause();
        }
        if (mayBeOpen && random.Next(2) == 0 && from < now && now - from < TimeSpan.FromMinutes(100))
            segments.Add(new RecordedSegment(new TimeRange(from, now - TimeSpan.FromMilliseconds(random.Next(2000)) is var written && written > from ? written : now), IsOpen: true));
        Segments = segments;
    }

    internal IReadOnlyList<RecordedSegment> Segments { get; }

    /// <summary>Where a recorder starts a new file by the clock: midnight, the change of clocks, or anywhere.</summary>
    DateTimeOffset Anchor(DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? change)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var midnight = new DateTimeOffset(local.Date, zone.GetUtcOffset(local.Date)).ToUniversalTime();
        var near = change < now && now - change < TimeSpan.FromHours(60) ? change : null;
        return _random.Next(3) switch
        {
            0 when midnight < now => midnight,
            1 when near is { } instant => instant,
            _ => now - TimeSpan.FromMilliseconds(_random.Next(1_000, 20_000_000)),
        };
    }

    TimeSpan Length() => TimeSpan.FromSeconds(Lengths[_random.Next(10) switch { 0 => 0, 1 => 1, <= 6 => 2, _ => 3 }]);

    // Nothing between one and three seconds, where a name without fractions may join or part what a clock would not.
    TimeSpan Pause()
    {
        var dice = _random.NextDouble();
        return dice < _outages / 2 ? TimeSpan.FromSeconds(_random.Next(1200, 18_000))
            : dice < _outages ? TimeSpan.FromSeconds(_random.Next(4, 600))
            : dice > 0.95 ? -TimeSpan.FromSeconds(_random.Next(2, 50))
            : TimeSpan.FromMilliseconds(_random.Next(900));
    }
}
