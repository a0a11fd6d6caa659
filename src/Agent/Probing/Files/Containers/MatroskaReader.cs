using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// Matroska and WebM. A finalised file tells its duration in its head; any other is measured by its clusters: hopped
/// over by their sizes, or, where the writer left the sizes open, searched for from the end of the file.
/// </summary>
static class MatroskaReader
{
    const int HopLength = 64;
    const int MostHops = 20_000;

    /// <summary>How many clusters to step back when the last ones hold no complete picture.</summary>
    const int StepsBack = 8;

    /// <summary>Writers close a cluster after five seconds or five megabytes; the tail is searched a little further.</summary>
    const int SearchedPiece = 1 << 20;
    const int SearchedPieces = 12;

    internal static bool Recognizes(ReadOnlySpan<byte> head) =>
        head.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(head) == MatroskaIds.Ebml;

    internal static ContainerReading Read(BoundedReader reader)
    {
        if (!EbmlElement.TryRead(reader, 0, reader.Length, out var ebml) || ebml.End > reader.Length)
            return NoEnd("cut off within its first bytes");
        if (!EbmlElement.TryRead(reader, ebml.End, reader.Length, out var segment))
            return NoEnd("cut off behind its first bytes");
        if (segment.Id != MatroskaIds.Segment)
            return ContainerReading.Unreadable(ContainerFormat.Matroska, "no segment where one must be");

        var header = MatroskaHeader.Read(reader, segment);
        if (header.FirstCluster is not { } cluster)
            return NoEnd("no cluster of media is written yet");

        var state = segment.IsUnknownSize ? ContainerState.Open
            : segment.End > reader.Length ? ContainerState.Truncated
            : ContainerState.Whole;
        reader.ReadAhead = HopLength;
        if (FindStart(reader, cluster, header.Measured?.Number) is not { } start)
            return NoEnd("no complete picture is written yet");

        var declared = state == ContainerState.Whole ? DeclaredEnd(header) : null;
        var end = declared is { } known && known > start.Time(header.Scale) ? known : MeasuredEnd(reader, header, start);
        if (end < start.Time(header.Scale))
            return ContainerReading.Unreadable(ContainerFormat.Matroska, "the time stamps run backwards");

        var duration = end - start.Time(header.Scale);
        return new ContainerReading(state, ContainerFormat.Matroska, duration, state switch
        {
            ContainerState.Truncated => "the header tells of more than the bytes present",
            ContainerState.Open => "not finalised by its writer",
            _ => null,
        }) with { Holes = MatroskaPauses.Find(reader, header, segment.Body, start.Cluster, start.Units, duration) };
    }

    /// <summary>What the header of a finalised file says of the measured track alone; null when it says less.</summary>
    static TimeSpan? DeclaredEnd(MatroskaHeader header)
    {
        if (header.TrackDuration is { } tagged)
            return tagged;

        // The segment's duration is the longest track's: sound that runs on must not stand in for missing pictures.
        var isOfMeasured = header.TrackCount == 1 || header.Measured is null;
        return isOfMeasured && header.Duration * header.Scale is > 0 and < long.MaxValue and var nanoseconds
            ? FromNanoseconds((ulong)nanoseconds)
            : null;
    }

    static Position? FindStart(BoundedReader reader, EbmlElement first, ulong? track)
    {
        var cluster = first;
        for (var i = 0; i < StepsBack; i++)
        {
            var content = MatroskaCluster.Read(reader, cluster, track, isFirstEnough: true);
            if (content.Start is { } start)
                return new Position(cluster, start);
            if (!EbmlElement.TryRead(reader, content.End, reader.Length, out cluster) || cluster.Id != MatroskaIds.Cluster)
                break;
        }

        return null;
    }

    static TimeSpan MeasuredEnd(BoundedReader reader, MatroskaHeader header, Position start)
    {
        var recent = new Queue<EbmlElement>(StepsBack);
        var at = start.Cluster.Start;
        for (var hops = 0; hops < MostHops && EbmlElement.TryRead(reader, at, reader.Length, out var element); hops++)
        {
            if (element.Id == MatroskaIds.Cluster)
            {
                if (recent.Count == StepsBack)
                    recent.Dequeue();
                recent.Enqueue(element);
            }

            if (element.IsUnknownSize)
                return LatestInTail(reader, header, start) ?? LatestOf(reader, header, recent) ?? start.Time(header.Scale);
            at = element.End;
        }

        return LatestOf(reader, header, recent) ?? start.Time(header.Scale);
    }

    static TimeSpan? LatestOf(BoundedReader reader, MatroskaHeader header, IEnumerable<EbmlElement> clusters)
    {
        foreach (var cluster in clusters.Reverse())
        {
            if (EndOf(header, MatroskaCluster.Read(reader, cluster, header.Measured?.Number, isFirstEnough: false)) is { } end)
                return end;
        }

        return null;
    }

    /// <summary>Clusters are recognised by their identifier and the time stamp they must begin with, from the end backwards.</summary>
    static TimeSpan? LatestInTail(BoundedReader reader, MatroskaHeader header, Position start)
    {
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(mark, MatroskaIds.Cluster);
        var end = reader.Length;
        for (var i = 0; i < SearchedPieces && end > start.Cluster.Start; i++)
        {
            var from = Math.Max(start.Cluster.Start, end - SearchedPiece);
            for (var count = (int)(end - from); count >= mark.Length;)
            {
                var found = reader.Peek(from, count).LastIndexOf(mark);
                if (found < 0)
                    break;
                if (TryReadCluster(reader, from + found, start, out var cluster)
                    && EndOf(header, MatroskaCluster.Read(reader, cluster, header.Measured?.Number, isFirstEnough: false)) is { } latest)
                    return latest;
                count = found + mark.Length - 1;
            }

            if (from == start.Cluster.Start)
                break;
            end = from + mark.Length - 1; // A mark may lie across the seam.
        }

        return null;
    }

    static bool TryReadCluster(BoundedReader reader, long offset, Position start, out EbmlElement cluster)
    {
        if (!EbmlElement.TryRead(reader, offset, reader.Length, out cluster)
            || !EbmlElement.TryRead(reader, cluster.Body, cluster.End, out var first))
            return false;
        if (first.Id == MatroskaIds.Checksum && !EbmlElement.TryRead(reader, first.End, cluster.End, out first))
            return false;

        return first.Id == MatroskaIds.Timestamp
            && first.ReadUnsigned(reader) is <= long.MaxValue and var time
            && time + (ulong)short.MaxValue >= (ulong)Math.Max(0, start.Units);
    }

    static TimeSpan? EndOf(MatroskaHeader header, MatroskaCluster content)
    {
        if (content.Start is null || content.Latest < 0)
            return null;

        // Rounded down to the segment's own units, as the time of a following block would be.
        var frame = content.LatestDuration ?? (header.Measured?.FrameNanoseconds ?? 0) / header.Scale;
        return FromUnits((ulong)content.Latest, header.Scale) + FromUnits(frame, header.Scale);
    }

    static TimeSpan FromUnits(ulong units, ulong scale)
    {
        var nanoseconds = (UInt128)units * scale;
        return nanoseconds > long.MaxValue
            ? throw new InvalidDataException("the time stamps span more than a year")
            : FromNanoseconds((ulong)nanoseconds);
    }

    static TimeSpan FromNanoseconds(ulong nanoseconds) => MediaTime.FromUnits(nanoseconds, 1_000_000_000);

    static ContainerReading NoEnd(string detail) => ContainerReading.NoEnd(ContainerFormat.Matroska, detail);

    readonly record struct Position(EbmlElement Cluster, long Units)
    {
        internal TimeSpan Time(ulong scale) => FromUnits((ulong)Math.Max(0, Units), scale);
    }
}
