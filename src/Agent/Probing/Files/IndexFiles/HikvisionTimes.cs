using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// What the times of a Hikvision index mean. Recorders write either true Unix time or their local clock as if it were, and by a local
/// clock an hour comes twice a year. What every reading that is left agrees on is footage, and what only some of them say is uncertain.
/// </summary>
/// <param name="clocks">The clocks it may count by.</param>
sealed class HikvisionTimes(IReadOnlyList<TimeZoneInfo> clocks)
{
    // Nothing a recorder stops writing after less than a day's time goes on for longer.
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // The index is written as footage is added: not before, but for clocks that differ, and by a quiet recorder some time after.
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    static readonly TimeSpan LeastBehind = TimeSpan.FromHours(1), MostBehind = TimeSpan.FromHours(4);

    /// <summary>Takes the clocks by which the newest footage ends about when the index was written. Where the zone is no other clock than UTC, nothing is to be told.</summary>
    /// <param name="segments">All there are; at least one.</param>
    /// <param name="zone">Of the recorder's local clock.</param>
    /// <param name="lastWritten">Of the index.</param>
    /// <exception cref="InvalidDataException">By none of them does it.</exception>
    internal static HikvisionTimes Of(IReadOnlyList<HikvisionSegment> segments, TimeZoneInfo zone, DateTimeOffset lastWritten)
    {
        if (segments.All(s => IsUtc(s.Start, zone) && IsUtc(s.End, zone)))
            return new HikvisionTimes([TimeZoneInfo.Utc]);
        var newest = segments.Max(s => Math.Max(s.Start, s.End));
        var utc = DateTimeOffset.FromUnixTimeSeconds(newest);
        // By how much the two readings differ says how late an index may be written and still tell them apart.
        var apart = Instants(newest, zone).Max(instant => (instant - utc).Duration()) / 2;
        var behind = apart < LeastBehind ? LeastBehind : apart > MostBehind ? MostBehind : apart;
        List<TimeZoneInfo> fitting = [.. new[] { zone, TimeZoneInfo.Utc }.Where(clock => Instants(newest, clock).Any(instant => lastWritten - instant >= -Ahead && lastWritten - instant < behind))];
        return fitting.Count > 0
            ? new HikvisionTimes(fitting)
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"its newest footage would be of {utc:yyyy-MM-dd HH:mm:ss} UTC, or {Instants(newest, zone)[0]:yyyy-MM-dd HH:mm:ss} UTC by the clock of {zone.Id}, and it was last written at {lastWritten:yyyy-MM-dd HH:mm:ss} UTC; by which clock it counts cannot be told"));
    }

    /// <summary>What a segment proves, and around it what it leaves uncertain.</summary>
    internal IEnumerable<ListedFootage> Footage(HikvisionSegment segment)
    {
        var camera = $"ch{segment.Camera.ToString("00", CultureInfo.InvariantCulture)}";
        List<TimeRange> readings = [.. clocks.SelectMany(clock => Readings(segment, clock))];
        if (readings.Count == 0)
            return []; // it would end before it begins, by every clock
        var certain = readings.Max(r => r.From) is var from && readings.Min(r => r.To) is var to && to >= from && to - from <= Longest ? new TimeRange(from, to) : (TimeRange?)null;
        var all = new TimeRange(readings.Min(r => r.From), readings.Max(r => r.To) is var end && segment.IsOpen ? end + Longest : end);
        var state = segment.IsOpen ? ListedState.Open : ListedState.Whole;
        IEnumerable<ListedFootage> uncertain = RangeSet.Of([all]).Except(RangeSet.Of(certain is { } known ? [known] : []))
            .Select(range => new ListedFootage(camera, range, 0, ListedState.Uncertain));
        return certain is { } footage ? uncertain.Prepend(new ListedFootage(camera, footage, segment.Bytes, state)) : uncertain;
    }

    static List<TimeRange> Readings(HikvisionSegment segment, TimeZoneInfo clock)
    {
        var starts = Instants(segment.Start, clock);
        var ends = Instants(segment.End, clock);
        var readings = starts.SelectMany(start => ends.Where(end => segment.IsOpen ? end >= start : end > start).Select(end => new TimeRange(start, end))).ToList();
        // Where the clock was set back by hand it says no more than about when that was.
        return readings.Count == 0 && segment.End < segment.Start ? [new TimeRange(ends[0], ends[0]), new TimeRange(starts[0], starts[0])] : readings;
    }

    static bool IsUtc(uint seconds, TimeZoneInfo clock) => Instants(seconds, clock) is [var only] && only == DateTimeOffset.FromUnixTimeSeconds(seconds);

    static DateTimeOffset[] Instants(uint seconds, TimeZoneInfo clock)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).DateTime;
        return clock.IsAmbiguousTime(time)
            ? [.. clock.GetAmbiguousTimeOffsets(time).Select(offset => new DateTimeOffset(time, offset).ToUniversalTime()).Order()]
            : [new DateTimeOffset(time, clock.GetUtcOffset(time)).ToUniversalTime()];
    }
}
