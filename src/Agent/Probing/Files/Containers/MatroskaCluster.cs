using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// The span one cluster's complete blocks of the measured track cover, in units of the segment's scale. Blocks whose
/// last byte is missing do not count.
/// </summary>
/// <param name="Start">Of the first block in the file's order; null when there is none.</param>
/// <param name="Latest">Start of the latest block.</param>
/// <param name="LatestDuration">What the latest block says of its own duration; null when it leaves that to its track.</param>
/// <param name="End">Where the cluster ends, or its last readable block when its size is unknown.</param>
readonly record struct MatroskaCluster(long? Start, long Latest, ulong? LatestDuration, long End)
{
    /// <summary>No more times are handed out at once, which is more than an hour of pictures in one cluster.</summary>
    internal const int MostTimes = 100_000;

    /// <param name="track">Null counts the blocks of all tracks.</param>
    /// <param name="isFirstEnough">Stop at the first block: only the start is wanted.</param>
    /// <param name="times">Takes the time of every block, where somebody wants them.</param>
    internal static MatroskaCluster Read(BoundedReader reader, EbmlElement cluster, ulong? track, bool isFirstEnough, List<long>? times = null)
    {
        var result = new MatroskaCluster(null, long.MinValue, null, cluster.Body);
        var limit = Math.Min(cluster.End, reader.Length);
        var clusterTime = 0L;
        var at = cluster.Body;
        while (EbmlElement.TryRead(reader, at, limit, out var child) && child.End <= limit)
        {
            if (cluster.IsUnknownSize && MatroskaIds.EndsCluster(child.Id))
                break;

            switch (child.Id)
            {
                case MatroskaIds.Timestamp:
                    clusterTime = child.ReadUnsigned(reader) is <= long.MaxValue / 2 and var time ? (long)time : 0;
                    break;
                case MatroskaIds.SimpleBlock when TryReadBlock(reader, child, track, out var offset):
                    result = result.With(clusterTime + offset, null);
                    times?.Add(clusterTime + offset);
                    break;
                case MatroskaIds.BlockGroup when TryReadGroup(reader, child, track, out var offset, out var duration):
                    result = result.With(clusterTime + offset, duration);
                    times?.Add(clusterTime + offset);
                    break;
                default:
                    break;
            }

            at = child.End;
            if (isFirstEnough && result.Start is not null)
                break;
            if (times?.Count >= MostTimes)
                break;
        }

        return result with { End = cluster.IsUnknownSize ? at : cluster.End };
    }

    MatroskaCluster With(long start, ulong? duration) =>
        this with
        {
            Start = Start ?? start,
            Latest = Math.Max(Latest, start),
            LatestDuration = start >= Latest ? duration : LatestDuration,
        };

    static bool TryReadGroup(BoundedReader reader, EbmlElement group, ulong? track, out short offset, out ulong? duration)
    {
        offset = 0;
        duration = null;
        var isFound = false;
        for (var at = group.Body; group.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Id == MatroskaIds.Block)
                isFound = TryReadBlock(reader, child, track, out offset);
            else if (child.Id == MatroskaIds.BlockDuration)
                duration = child.ReadUnsigned(reader);
        }

        return isFound;
    }

    static bool TryReadBlock(BoundedReader reader, EbmlElement block, ulong? track, out short offset)
    {
        offset = 0;
        var head = reader.Peek(block.Body, (int)Math.Min(12, block.End - block.Body));
        if (head.IsEmpty)
            return false;

        var length = EbmlElement.LengthOf(head[0]);
        if (length > 8 || head.Length < length + 3)
            return false;

        var number = head[0] & (0xFFUL >> length);
        for (var i = 1; i < length; i++)
            number = number << 8 | head[i];
        offset = BinaryPrimitives.ReadInt16BigEndian(head[length..]);
        return track is null || track == number;
    }
}
