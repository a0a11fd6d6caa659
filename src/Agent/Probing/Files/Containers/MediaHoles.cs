namespace Agent.Probing.Files.Containers;

/// <summary>
/// Collects the holes of one file from the steps between its samples. A sample lasts as long as the one before it did,
/// two seconds at most: what a step is longer than that, nothing was recorded in. Only where pictures keep coming evenly, up to a
/// minute apart, is that the camera's pace and not a stall: a camera that stalls does not do so by the clock.
/// </summary>
sealed class MediaHoles
{
    /// <summary>
    /// Beyond so many more than five hours are missing, which breaks every budget: what follows is one hole, so that a
    /// file cannot make us hold more.
    /// </summary>
    internal const int Most = 10_000;

    const ulong PaceSteps = 8;
    const ulong SlowestPaceSeconds = 60;

    readonly ulong unitsPerSecond;
    readonly List<MediaHole> holes = [];
    ulong usual;

    // The even steps at the end of what was seen, and the holes there were before them.
    ulong evenStep;
    ulong evenSteps;
    int holesBeforeThem;

    internal MediaHoles(ulong unitsPerSecond)
    {
        this.unitsPerSecond = unitsPerSecond;
        usual = unitsPerSecond;
        Longest = 2 * Math.Max(1, unitsPerSecond);
    }

    /// <summary>How long one sample may last, in units; also the shortest hole.</summary>
    internal ulong Longest { get; }

    internal int Count => holes.Count;

    /// <summary>A sample at a time, and when the next one follows it.</summary>
    internal void Step(ulong at, ulong step) => Steps(at, step, 1);

    /// <summary>Samples that follow each other evenly, from a time on.</summary>
    internal void Steps(ulong at, ulong step, ulong count)
    {
        if (count == 0 || step == 0)
            return;
        if (step <= Longest)
        {
            usual = step;
            evenSteps = 0;
            return;
        }

        if (step - usual <= Longest || IsPace(step, count))
            return;
        var i = 0UL;
        for (; i < count && holes.Count < Most; i++)
            Add(at + i * step + usual, at + (i + 1) * step);
        if (i < count)
            Add(at + i * step + usual, at + count * step);
    }

    bool IsPace(ulong step, ulong count)
    {
        if (step > SlowestPaceSeconds * unitsPerSecond)
            return false;
        if (evenSteps == 0 || (step > evenStep ? step - evenStep : evenStep - step) > evenStep / 8)
            (evenStep, evenSteps, holesBeforeThem) = (step, 0, holes.Count);
        evenSteps += count;
        if (evenSteps < PaceSteps)
            return false;
        holes.RemoveRange(holesBeforeThem, holes.Count - holesBeforeThem);
        return true;
    }

    /// <summary>A stretch that is known to be empty, in units.</summary>
    internal void Add(ulong from, ulong to)
    {
        if (to <= from || to - from <= Longest)
            return;
        var hole = new MediaHole(MediaTime.FromUnits(from, unitsPerSecond), MediaTime.FromUnits(to, unitsPerSecond));
        if (holes.Count < Most)
            holes.Add(hole);
        else if (hole.To > holes[^1].To)
            holes[^1] = holes[^1] with { To = hole.To };
    }

    /// <summary>Those inside a duration, ascending and apart; null when there is none.</summary>
    internal IReadOnlyList<MediaHole>? Within(TimeSpan duration)
    {
        if (holes.Count == 0)
            return null;

        holes.Sort((a, b) => a.From.CompareTo(b.From));
        var apart = new List<MediaHole>(holes.Count);
        foreach (var hole in holes)
        {
            var from = apart.Count > 0 && apart[^1].To > hole.From ? apart[^1].To : hole.From;
            var to = hole.To < duration ? hole.To : duration;
            if (to > from)
                apart.Add(new MediaHole(from, to));
        }

        return apart.Count == 0 ? null : apart;
    }
}
