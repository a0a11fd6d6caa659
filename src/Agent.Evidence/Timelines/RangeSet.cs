using System.Collections;

namespace Agent.Evidence.Timelines;

/// <summary>Disjoint, non-empty, ascending ranges; ranges that touch are one. Immutable.</summary>
public sealed class RangeSet : IReadOnlyList<TimeRange>
{
    readonly TimeRange[] _ranges;

    RangeSet(TimeRange[] ranges) => _ranges = ranges;

    /// <summary>Nothing.</summary>
    public static RangeSet Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _ranges.Length;

    /// <inheritdoc/>
    public TimeRange this[int index] => _ranges[index];

    /// <summary>Sum of the lengths.</summary>
    public TimeSpan Length => _ranges.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Length);

    /// <summary>The union of ranges in any order, overlapping or not; ranges at most <paramref name="join"/> apart become one.</summary>
    public static RangeSet Of(IEnumerable<TimeRange> ranges, TimeSpan join = default)
    {
        var sorted = ranges.Where(r => !r.IsEmpty).ToArray();
        if (sorted.Length == 0)
            return Empty;
        Array.Sort(sorted, (a, b) => a.From.CompareTo(b.From));
        var merged = new List<TimeRange>();
        var current = sorted[0];
        foreach (var next in sorted.AsSpan(1))
        {
            if (next.From - current.To <= join)
                current = next.To > current.To ? new TimeRange(current.From, next.To) : current;
            else
            {
                merged.Add(current);
                current = next;
            }
        }
        merged.Add(current);
        return new RangeSet([.. merged]);
    }

    /// <summary>This and <paramref name="other"/>.</summary>
    public RangeSet Union(RangeSet other) => Count == 0 ? other : other.Count == 0 ? this : Of(_ranges.Concat(other._ranges));

    /// <summary>What is in both.</summary>
    public RangeSet Intersect(RangeSet other)
    {
        var common = new List<TimeRange>();
        for (int i = 0, j = 0; i < Count && j < other.Count;)
        {
            var piece = _ranges[i].Intersect(other._ranges[j]);
            if (!piece.IsEmpty)
                common.Add(piece);
            if (_ranges[i].To < other._ranges[j].To)
                i++;
            else
                j++;
        }
        return new RangeSet([.. common]);
    }

    /// <summary>What of this lies inside <paramref name="range"/>.</summary>
    public RangeSet Clip(TimeRange range) => Intersect(range.IsEmpty ? Empty : new RangeSet([range]));

    /// <summary>This without <paramref name="other"/>.</summary>
    public RangeSet Except(RangeSet other) =>
        Count == 0 || other.Count == 0 ? this : Intersect(other.Complement(new TimeRange(_ranges[0].From, _ranges[^1].To)));

    /// <summary>What of <paramref name="within"/> is not in this.</summary>
    public RangeSet Complement(TimeRange within)
    {
        var rest = new List<TimeRange>();
        var from = within.From;
        foreach (var range in _ranges)
        {
            if (range.To <= from)
                continue;
            if (range.From >= within.To)
                break;
            if (range.From > from)
                rest.Add(new TimeRange(from, range.From));
            from = range.To;
        }
        if (from < within.To)
            rest.Add(new TimeRange(from, within.To));
        return new RangeSet([.. rest]);
    }

    /// <summary>Every range moved by <paramref name="by"/>.</summary>
    public RangeSet Shift(TimeSpan by) => by == TimeSpan.Zero ? this : new RangeSet(Array.ConvertAll(_ranges, r => r.Shift(by)));

    /// <summary>Whether <paramref name="instant"/> lies in one of the ranges.</summary>
    public bool Contains(DateTimeOffset instant)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].To <= instant)
                low = middle + 1;
            else if (_ranges[middle].From > instant)
                high = middle - 1;
            else
                return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<TimeRange> GetEnumerator() => ((IEnumerable<TimeRange>)_ranges).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _ranges.GetEnumerator();
}
