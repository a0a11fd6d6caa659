using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.Indexing;

/// <summary>Footage that the files of one camera held at an earlier look and that went with them, or was replaced.</summary>
internal sealed class GoneFootage
{
    readonly List<(long From, long To, long Bytes)> _pieces = [];

    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>The time it covered, joined.</summary>
    public RangeSet Ranges => RangeSet.Of(_pieces.Select(p => new TimeRange(new DateTimeOffset(p.From, TimeSpan.Zero), new DateTimeOffset(p.To, TimeSpan.Zero))), TimelineBuilder.Join);

    /// <summary>Adds a piece; neighbours in time that come one after the other are kept as one.</summary>
    public void Add(long from, long to, long bytes)
    {
        if (to <= from)
            return;
        if (_pieces.Count > 0 && _pieces[^1] is var last && from >= last.From && from - last.To <= TimelineBuilder.Join.Ticks)
            _pieces[^1] = (last.From, Math.Max(last.To, to), last.Bytes + bytes);
        else
            _pieces.Add((from, to, bytes));
    }

    /// <summary>The bytes that stood behind a stretch of it, in proportion to the time.</summary>
    public long BytesIn(TimeRange range)
    {
        var bytes = 0d;
        foreach (var piece in _pieces)
        {
            var common = Math.Min(piece.To, range.To.UtcTicks) - Math.Max(piece.From, range.From.UtcTicks);
            if (common > 0)
                bytes += (double)piece.Bytes * common / (piece.To - piece.From);
        }

        return (long)bytes;
    }
}
