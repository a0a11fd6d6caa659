namespace Agent.Probing.Files.Containers;

/// <summary>
/// Looks for pauses inside a Matroska file. The index of key pictures, or the times of the clusters where there is none,
/// divides it into stretches; one of two seconds or less can hide nothing. Of the longer ones those beyond the usual are
/// read block by block, and three others in any case; when one of those hides a pause, all are. A live file, whose clusters
/// do not tell their sizes, is read block by block as far as the budget goes.
/// </summary>
sealed class MatroskaPauses
{
    const int MostMarks = 20_000;
    const int Samples = 3;
    const int IndexReadAhead = 64 << 10;

    /// <summary>The work this may cost; beyond it stretches are taken as they are.</summary>
    const int MostReads = 60_000;
    const long MostBytes = 20L << 20;

    readonly BoundedReader reader;
    readonly MatroskaHeader header;
    readonly long start;
    readonly MediaHoles holes = new(1_000_000_000);

    MatroskaPauses(BoundedReader reader, MatroskaHeader header, long start)
    {
        this.reader = reader;
        this.header = header;
        this.start = start;
    }

    /// <param name="segmentBody">What positions in the index count from.</param>
    /// <param name="first">The cluster of the first picture.</param>
    /// <param name="start">Its time, in units of the segment.</param>
    internal static IReadOnlyList<MediaHole>? Find(
        BoundedReader reader, MatroskaHeader header, long segmentBody, EbmlElement first, long start, TimeSpan duration)
    {
        var pauses = new MatroskaPauses(reader, header, start);
        var hop = reader.ReadAhead;
        var end = start + (long)UInt128.Min(long.MaxValue / 4, (UInt128)duration.Ticks * 100 / header.Scale);
        if (first.IsUnknownSize)
        {
            pauses.Read(new Mark(start, first.Start), new Mark(end, reader.Length));
        }
        else
        {
            reader.ReadAhead = IndexReadAhead;
            var marks = pauses.ByIndex(segmentBody);
            reader.ReadAhead = hop;
            marks = marks.Count > 0 ? marks : pauses.ByClusters(first);
            pauses.Find([new Mark(start, first.Start), .. marks.Where(m => m.Time > start && m.Time < end && m.Position >= first.Start), new Mark(end, reader.Length)]);
        }

        reader.ReadAhead = hop;
        return pauses.holes.Within(duration);
    }

    void Find(Mark[] marks)
    {
        Array.Sort(marks, (a, b) => a.Time.CompareTo(b.Time));
        var stretches = marks.Zip(marks[1..]).Where(pair => Nanoseconds(pair.Second.Time - pair.First.Time) > holes.Longest).ToList();
        if (stretches.Count == 0)
            return;

        var usual = Nanoseconds(marks.Zip(marks[1..], (a, b) => b.Time - a.Time).Order().ElementAt((marks.Length - 1) / 2));
        foreach (var (from, to) in stretches.Where(s => IsLong(s, usual)))
            Read(from, to);

        var others = stretches.Where(s => !IsLong(s, usual)).ToList();
        var before = holes.Count;
        var count = Math.Min(Samples, others.Count);
        var sampled = Enumerable.Range(0, count).Select(i => count == 1 ? 0 : i * (others.Count - 1) / (count - 1)).ToHashSet();
        foreach (var i in sampled)
            Read(others[i].First, others[i].Second);
        for (var i = 0; holes.Count > before && i < others.Count; i++)
        {
            if (!sampled.Contains(i))
                Read(others[i].First, others[i].Second);
        }
    }

    bool IsLong((Mark First, Mark Second) stretch, ulong usual) =>
        Nanoseconds(stretch.Second.Time - stretch.First.Time) > usual + holes.Longest;

    /// <summary>The times of all blocks from one mark to the next.</summary>
    void Read(Mark from, Mark to)
    {
        if (reader.Reads > MostReads || reader.BytesRead > MostBytes)
            return;

        var times = new List<long> { from.Time, to.Time };
        var track = header.Measured?.Number;
        var hasBlocks = false;
        for (var at = from.Position; EbmlElement.TryRead(reader, at, reader.Length, out var element) && times.Count < MatroskaCluster.MostTimes;)
        {
            var isCluster = element.Id == MatroskaIds.Cluster;
            if (!isCluster && element.IsUnknownSize)
                break;
            var isLast = element.Start >= to.Position;
            var next = element.End;
            if (isCluster)
            {
                var known = times.Count;
                next = MatroskaCluster.Read(reader, element, track, isLast, times).End;
                hasBlocks |= times.Count > known;
            }

            if (isLast || next <= at || reader.Reads > MostReads || reader.BytesRead > MostBytes)
                break;
            at = next;
        }

        if (!hasBlocks)
            return; // The mark led nowhere: it says nothing.
        if (reader.Reads > MostReads || reader.BytesRead > MostBytes || times.Count >= MatroskaCluster.MostTimes)
            times.Remove(to.Time); // Not read to its end: what was not seen is no pause.
        times.Sort();
        for (var i = 1; i < times.Count; i++)
        {
            if (times[i - 1] >= from.Time && times[i] <= to.Time)
                holes.Step(Nanoseconds(times[i - 1] - start), Nanoseconds(times[i] - times[i - 1]));
        }
    }

    List<Mark> ByIndex(long segmentBody)
    {
        var marks = new List<Mark>();
        if (header.Cues is not { } offset || !EbmlElement.TryRead(reader, offset, reader.Length, out var cues)
            || cues.Id != MatroskaIds.Cues || cues.IsUnknownSize || cues.End > reader.Length)
            return marks;

        for (var at = cues.Body; marks.Count < MostMarks && cues.TryReadChild(reader, at, out var point); at = point.End)
        {
            if (point.Id == MatroskaIds.CuePoint && ReadPoint(point, segmentBody) is { } mark)
                marks.Add(mark);
        }

        return marks;
    }

    Mark? ReadPoint(EbmlElement point, long segmentBody)
    {
        ulong? time = null, track = null, position = null;
        for (var at = point.Body; point.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Id == MatroskaIds.CueTime)
                time = child.ReadUnsigned(reader);
            for (var inner = child.Body; child.Id == MatroskaIds.CueTrackPositions && child.TryReadChild(reader, inner, out var field); inner = field.End)
            {
                if (field.Id == MatroskaIds.CueTrack)
                    track = field.ReadUnsigned(reader);
                else if (field.Id == MatroskaIds.CueClusterPosition)
                    position = field.ReadUnsigned(reader);
            }
        }

        return time is <= long.MaxValue / 4 and var t && position is <= long.MaxValue / 4 and var p
            && (header.Measured is not { } measured || track == measured.Number)
                ? new Mark((long)t, segmentBody + (long)p)
                : null;
    }

    List<Mark> ByClusters(EbmlElement first)
    {
        var marks = new List<Mark>();
        var at = first.Start;
        while (marks.Count < MostMarks && EbmlElement.TryRead(reader, at, reader.Length, out var element) && !element.IsUnknownSize)
        {
            if (element.Id == MatroskaIds.Cluster && EbmlElement.TryRead(reader, element.Body, element.End, out var child)
                && child.Id == MatroskaIds.Timestamp && child.ReadUnsigned(reader) is <= long.MaxValue / 4 and var time)
                marks.Add(new Mark((long)time, element.Start));
            at = element.End;
        }

        return marks;
    }

    ulong Nanoseconds(long units)
    {
        var nanoseconds = (UInt128)Math.Max(0, units) * header.Scale;
        return nanoseconds > long.MaxValue / 4 ? throw new InvalidDataException("the time stamps span more than a year") : (ulong)nanoseconds;
    }

    readonly record struct Mark(long Time, long Position);
}
