using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>
/// Looks at every picture, or at every key picture, of a range. A gap is a jump of the pictures' own times; the bits that say so are not
/// relied upon, since recorders set them as they like.
/// </summary>
/// <param name="look">Plays it.</param>
internal sealed class FootageWalk(ReplayLook look)
{
    const int MostDetails = 500;
    const int MostGoings = 200;

    // A recorder may begin at the next key picture after the instant that was asked for. Beginning earlier, none is missed.
    static readonly TimeSpan Lead = TimeSpan.FromSeconds(10);

    // Up to here every picture is read, since that costs little more than the key pictures.
    static readonly TimeSpan Detailed = TimeSpan.FromMinutes(5);

    RangeSet _recorded = RangeSet.Empty;
    RangeSet _looked = RangeSet.Empty;

    /// <summary>Gaps shorter than this may not be seen.</summary>
    public TimeSpan Resolution { get; private set; } = FootageRuns.Join;

    /// <summary>Footage seen so far inside of a range.</summary>
    public RangeSet Recorded(TimeRange range) => RangeSet.Of(_recorded, FootageRuns.Join).Clip(range);

    /// <summary>What of a range was looked at so far.</summary>
    public RangeSet Looked(TimeRange range) => _looked.Clip(range);

    /// <summary>Looks at the whole of a range.</summary>
    public async Task<PlayEnd> LookAsync(TimeRange range)
    {
        var from = range.From - Lead;
        if (range.Length <= Detailed)
            return await EveryPictureAsync(from, range.To);

        var keys = new FootageRuns();
        var end = await ReadOnAsync(from, range.To, "intra", keys);
        if (keys.Count == 0)
            return end;

        Resolution = keys.UsualDistance() * 1.5 > FootageRuns.Join ? keys.UsualDistance() * 1.5 : FootageRuns.Join;
        var joined = keys.Of(Resolution);
        Take(from, range.To, joined, keys.Newest, end);
        // The last key picture before a gap is not the last picture before it, and some begin only at the next.
        foreach (var (before, after) in joined.Zip(joined.Skip(1)).Take(MostDetails))
            await EveryPictureAsync(before.To - Lead, after.From);
        return end == PlayEnd.Reached ? end : await EveryPictureAsync(joined[^1].To - Lead, range.To);
    }

    /// <summary>Looks at every picture from an instant to another.</summary>
    public async Task<PlayEnd> EveryPictureAsync(DateTimeOffset from, DateTimeOffset to)
    {
        var pictures = new FootageRuns();
        var end = PlayEnd.Silent;
        try
        {
            return end = await ReadOnAsync(from, to, null, pictures);
        }
        finally
        {
            if (pictures.Count > 0)
                Take(from, to, pictures.Of(FootageRuns.Join), pictures.Newest, end);
        }
    }

    void Take(DateTimeOffset from, DateTimeOffset to, RangeSet seen, DateTimeOffset newest, PlayEnd end)
    {
        var until = end == PlayEnd.Terminal && to > newest ? to : newest;
        _recorded = _recorded.Union(seen);
        if (until > from)
            _looked = _looked.Union(RangeSet.Of([new TimeRange(from, until)]));
    }

    /// <summary>
    /// Reads on where a recorder stops on the way, as some do at the end of every piece. It is at its end only when the last picture said so
    /// and nothing follows that can be played.
    /// </summary>
    async Task<PlayEnd> ReadOnAsync(DateTimeOffset from, DateTimeOffset to, string? frames, FootageRuns seen)
    {
        var end = await look.ReadAsync(from, to, frames, seen.Add);
        if (end == PlayEnd.OutOfRange && seen.Count == 0 && look.Description?.Claimed is { } claimed && claimed.From > from && claimed.From < to)
            end = await look.ReadAsync(claimed.From, to, frames, seen.Add);
        for (var going = 0; going < MostGoings && seen.Count > 0 && end != PlayEnd.Reached; going++)
        {
            var newest = seen.Newest;
            var next = end == PlayEnd.Terminal ? end : await look.ReadAsync(newest - Lead, to, frames, seen.Add);
            if (next != PlayEnd.Reached && seen.Newest == newest)
            {
                next = await look.ReadAsync(newest + FootageRuns.Join, to, frames, seen.Add);
                if (next != PlayEnd.Reached && seen.Newest == newest)
                    return end;
            }
            end = next;
        }
        return end;
    }
}
