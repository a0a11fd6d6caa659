namespace Agent.Probing.Files.Containers;

/// <summary>The times found in one piece of a stream, in the order of the file.</summary>
sealed class StreamClock(long wrap)
{
    readonly List<long> times = [];
    readonly List<long> decodingTimes = [];

    internal int Count => times.Count;

    internal long First => times[0];

    /// <summary>When each picture is decoded: in the order of the file, which presentation times are not.</summary>
    internal IReadOnlyList<long> DecodingTimes => decodingTimes;

    /// <summary>True when every packet stood where the one before it ended.</summary>
    internal bool IsInStep { get; set; } = true;

    /// <summary>Offset behind the last whole packet.</summary>
    internal long End { get; set; }

    internal void Add(long presented, long decoded)
    {
        times.Add(presented);
        decodingTimes.Add(decoded);
    }

    /// <summary>How long after an origin a time is, on a clock that wraps.</summary>
    internal static long Since(long origin, long time, long wrap) => time - origin & wrap - 1;

    /// <summary>The latest time of this piece counted from an origin; null when all of it lies before the origin.</summary>
    /// <param name="origin">What is counted from.</param>
    /// <param name="isLastTorn">Leave out what comes last in the file, unless it is all there is.</param>
    internal long? LatestSince(long origin, bool isLastTorn = false)
    {
        long? latest = null;
        for (var i = 0; i < times.Count - (isLastTorn && times.Count > 1 ? 1 : 0); i++)
        {
            var since = Since(origin, times[i], wrap);
            if (since < wrap / 2 && (latest is not { } known || since > known))
                latest = since;
        }

        return latest;
    }

    /// <summary>
    /// How long one frame is shown: the smallest step between decoding times, which reordering does not tear apart as
    /// it does presentation times; zero when there is no step.
    /// </summary>
    internal long FrameDuration()
    {
        var smallest = wrap;
        for (var i = 1; i < decodingTimes.Count; i++)
        {
            var step = Since(decodingTimes[i - 1], decodingTimes[i], wrap);
            if (step > 0)
                smallest = Math.Min(smallest, step);
        }

        return smallest == wrap ? 0 : smallest;
    }
}
