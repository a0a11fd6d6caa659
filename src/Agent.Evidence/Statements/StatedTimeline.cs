using Agent.Evidence.Timelines;

namespace Agent.Evidence.Statements;

/// <summary>
/// A timeline told by its exceptions: what is neither gap, unknown nor outside the schedule is recorded. All times are whole milliseconds.
/// </summary>
public sealed class StatedTimeline
{
    readonly Timeline _kept;

    /// <summary>Lays the exceptions over the window and puts folded gaps back.</summary>
    /// <param name="window">The time spoken of.</param>
    /// <param name="gaps">Gaps told one by one.</param>
    /// <param name="folded">Gaps told as figures; ascending, none overlapping another.</param>
    /// <param name="unknown">Could not look.</param>
    /// <param name="notScheduled">Outside the recording schedule.</param>
    /// <exception cref="ArgumentException">Ranges overlap or leave the window, or folded gaps do not fit where they are said to lie.</exception>
    public StatedTimeline(TimeRange window, RangeSet gaps, IReadOnlyList<FoldedGaps> folded, RangeSet unknown, RangeSet notScheduled)
    {
        (Window, Gaps, Folded, Unknown, NotScheduled) = (window, gaps, folded, unknown, notScheduled);
        var told = gaps.Union(unknown).Union(notScheduled);
        if (told.Length != gaps.Length + unknown.Length + notScheduled.Length)
            throw new ArgumentException("Gaps, unknown and notScheduled overlap.");
        if (told.Clip(window).Length != told.Length)
            throw new ArgumentException("A range lies outside the window.");

        var recorded = told.Complement(window);
        _kept = Timeline.Of(window, recorded, unknown, notScheduled);
        Timeline = folded.Count == 0 ? _kept : Timeline.Of(window, recorded.Except(PutBack(folded, recorded)), unknown, notScheduled);
    }

    /// <summary>The time spoken of; it ends at the instant judged.</summary>
    public TimeRange Window { get; }

    /// <summary>Gaps told one by one.</summary>
    public RangeSet Gaps { get; }

    /// <summary>Gaps told as figures.</summary>
    public IReadOnlyList<FoldedGaps> Folded { get; }

    /// <summary>Could not look.</summary>
    public RangeSet Unknown { get; }

    /// <summary>Outside the recording schedule.</summary>
    public RangeSet NotScheduled { get; }

    /// <summary>
    /// The timeline to judge. Folded gaps stand at the beginning of the range they lie in, in the time that would otherwise be
    /// recorded, as early as there is room; the sum for every site-local day is the true one.
    /// </summary>
    public Timeline Timeline { get; }

    /// <summary>How much of a range is recorded, with the true number of gaps and the true longest one.</summary>
    /// <param name="range">A range that cuts through no folded gaps.</param>
    /// <returns>The same as before folding.</returns>
    public Coverage CoverageOf(TimeRange range)
    {
        var (all, kept) = (Coverage.Of(Timeline, range), Coverage.Of(_kept, range));
        var inside = Folded.Where(f => !f.Range.Intersect(range).IsEmpty).ToList();
        return all with
        {
            Gaps = kept.Gaps + inside.Sum(f => f.Count),
            LongestGap = inside.Select(f => f.Longest).Append(kept.LongestGap).Max(),
        };
    }

    static RangeSet PutBack(IReadOnlyList<FoldedGaps> folded, RangeSet recorded)
    {
        var pieces = new List<TimeRange>();
        var end = DateTimeOffset.MinValue;
        foreach (var fold in folded)
        {
            if (fold.Range.From < end)
                throw new ArgumentException("Folded gaps are not ascending or overlap.");
            end = fold.Range.To;
            var left = fold.Length;
            foreach (var room in recorded.Clip(fold.Range))
            {
                var length = room.Length < left ? room.Length : left;
                pieces.Add(new TimeRange(room.From, room.From + length));
                left -= length;
            }
            if (left > TimeSpan.Zero)
                throw new ArgumentException("Folded gaps are longer than the range they are said to lie in.");
        }
        return RangeSet.Of(pieces);
    }
}
