using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>
/// Looks at a long window with few pictures: one every so often, and where the next footage comes late, the way back to the last before it is
/// found by halving. Gaps shorter than a step may be stepped over.
/// </summary>
/// <param name="look">Plays it.</param>
/// <param name="step">How far apart the instants are that are looked at.</param>
internal sealed class FootageSurvey(ReplayLook look, TimeSpan step)
{
    // Shorter than this every picture is read: it finds the edge exactly, and whether there is one at all.
    static readonly TimeSpan Fine = TimeSpan.FromSeconds(20);

    // What a recorder may begin late because it begins with a key picture.
    static readonly TimeSpan Late = TimeSpan.FromSeconds(10);

    readonly FootageWalk _edges = new(look);
    RangeSet _stepped = RangeSet.Empty;
    RangeSet _looked = RangeSet.Empty;

    /// <summary>Footage found so far: between instants a step apart, footage is taken for going on.</summary>
    public RangeSet Recorded(TimeRange window) => RangeSet.Of([.. _stepped, .. _edges.Recorded(window)], FootageRuns.Join).Clip(window);

    /// <summary>The part of it that was stepped over so far.</summary>
    public RangeSet SteppedOver(TimeRange window) => _stepped.Clip(window).Except(_edges.Recorded(window));

    /// <summary>What was looked at so far.</summary>
    public RangeSet Looked(TimeRange window) => _looked.Clip(window);

    /// <summary>Looks at the whole window.</summary>
    public async Task<PlayEnd> LookAsync(TimeRange window)
    {
        var from = window.From;
        var (first, end) = await look.FirstAsync(from);
        if (end == PlayEnd.OutOfRange && look.Description?.Claimed is { } claimed && claimed.From > from && claimed.From < window.To)
            (first, end) = await look.FirstAsync(from = claimed.From);
        if (first is not { } last)
            return end;

        See(from, last, last);
        while (last < window.To)
        {
            var next = last + step < window.To ? last + step : window.To;
            (first, end) = await look.FirstAsync(next);
            if (first is not { } found)
                return await LastAsync(last, next);
            if (found - next > Late)
                await GapAsync(last, next, found);
            else
                See(last, last, found);
            last = found;
        }
        return PlayEnd.Reached;
    }

    /// <summary>Footage at <paramref name="last"/>, none from <paramref name="next"/> to <paramref name="found"/>: where does it end in between?</summary>
    async Task GapAsync(DateTimeOffset last, DateTimeOffset next, DateTimeOffset found)
    {
        var (there, gone) = (last, next);
        while (gone - there > Fine)
        {
            var middle = there + (gone - there) / 2;
            if (await look.FirstAsync(middle) is ({ } first, PlayEnd.Reached) && first < found)
                there = first;
            else
                gone = middle;
        }
        See(last, last, there);
        await _edges.EveryPictureAsync(there, found);
        _looked = _looked.Union(_edges.Looked(new TimeRange(there, found)));
    }

    /// <summary>Footage at <paramref name="last"/>, and nothing from <paramref name="next"/> on: the newest lies in between, and what is after it nobody says.</summary>
    async Task<PlayEnd> LastAsync(DateTimeOffset last, DateTimeOffset next)
    {
        var (there, gone) = (last, next);
        while (gone - there > Fine)
        {
            var middle = there + (gone - there) / 2;
            if (await look.FirstAsync(middle) is ({ } first, PlayEnd.Reached))
                there = first;
            else
                gone = middle;
        }
        See(last, last, there);
        var end = await _edges.EveryPictureAsync(there, next);
        _looked = _looked.Union(_edges.Looked(new TimeRange(there, next)));
        return end;
    }

    void See(DateTimeOffset lookedFrom, DateTimeOffset from, DateTimeOffset to)
    {
        _stepped = _stepped.Union(RangeSet.Of([new TimeRange(from, to)]));
        _looked = _looked.Union(RangeSet.Of([new TimeRange(lookedFrom, to)]));
    }
}
