namespace Agent.Probing.Files.Containers;

/// <summary>
/// MPEG transport stream: nothing in it tells a length, so the first and the last presentation times are read at both
/// ends of the file. What lies between is taken on trust as long as it is plausible for its size.
/// </summary>
static class MpegTsReader
{
    /// <summary>Pieces from the start, until one shows a time; and from the end, until one shows enough of them.</summary>
    static readonly int[] Pieces = [128 << 10, 512 << 10, BoundedReader.LargestWindow];

    /// <summary>Enough frames for the latest among reordered ones, and for the smallest step between them.</summary>
    const int EnoughTimes = 12;

    /// <summary>One frame is never taken to last longer: above, a step is a pause of the camera.</summary>
    const long LongestFrame = 2 * (long)TransportClock.UnitsPerSecond;

    /// <summary>
    /// Nor, in a torn file, longer than at 25 frames a second: other readers go by the frame rate in the pictures'
    /// own headers, and the end of a torn file must not lie beyond what they find.
    /// </summary>
    const long LongestTornFrame = (long)TransportClock.UnitsPerSecond / 25;

    /// <summary>Beyond an hour, less than this is no stream of a camera but a jump of its clock.</summary>
    const long LeastBytesPerSecond = 500;
    static readonly TimeSpan PlausibleAnyway = TimeSpan.FromHours(1);

    internal static ContainerReading Read(BoundedReader reader, TransportPacking packing)
    {
        if (ReadHead(reader, packing) is not { } head)
            return ContainerReading.NoEnd(ContainerFormat.MpegTs, "no time stamp in the first part of the file");

        var tail = ReadTail(reader, packing, head.Chosen);
        var isWhole = (reader.Length - packing.FirstSync + packing.Stride - TransportPacking.PacketLength) % packing.Stride == 0
            && tail.IsInStep;
        var frame = Math.Min(isWhole ? LongestFrame : LongestTornFrame, tail.FrameDuration());
        if (tail.LatestSince(head.Clock.First) is { } latest && IsPlausible(Time(latest), reader.Length))
        {
            return new ContainerReading(
                isWhole ? ContainerState.Whole : ContainerState.Open,
                ContainerFormat.MpegTs,
                Time(latest + frame),
                isWhole ? null : "the last packet is not complete");
        }

        // At this point: the clock went backwards or leapt. Only what both ends show by themselves is certain.
        var certain = (head.Clock.LatestSince(head.Clock.First) ?? 0) + (tail.HasTimes ? tail.LatestSince(tail.First) ?? 0 : 0);
        return new ContainerReading(ContainerState.Open, ContainerFormat.MpegTs, Time(certain), "the time stamps jump within the file");
    }

    static ((int Pid, bool IsClock) Chosen, TransportClock Clock)? ReadHead(BoundedReader reader, TransportPacking packing)
    {
        foreach (var length in Pieces)
        {
            var piece = reader.Peek(0, length);
            var isLast = length == BoundedReader.LargestWindow || piece.Length < length;
            if (TransportClock.Choose(piece, packing) is not { } chosen || (chosen.IsClock && !isLast))
            {
                if (isLast)
                    break;
                continue; // Pictures may begin later than the clock does.
            }

            var clock = TransportClock.Read(piece, packing.FirstSync, packing.Stride, chosen);
            if (clock.HasTimes)
                return (chosen, clock);
        }

        return null;
    }

    static TransportClock ReadTail(BoundedReader reader, TransportPacking packing, (int Pid, bool IsClock) chosen)
    {
        TransportClock clock = null!;
        foreach (var length in Pieces)
        {
            var packets = Math.Max(0, reader.Length - length - packing.FirstSync) / packing.Stride;
            var start = packets == 0 ? 0 : packing.FirstSync + packets * packing.Stride;
            var piece = reader.Peek(start, (int)Math.Min(BoundedReader.LargestWindow, reader.Length - start));
            clock = TransportClock.Read(piece, packets == 0 ? packing.FirstSync : 0, packing.Stride, chosen);
            if (start == 0 || clock.Count >= EnoughTimes)
                break;
        }

        return clock;
    }

    static bool IsPlausible(TimeSpan span, long length) =>
        span <= PlausibleAnyway || length / LeastBytesPerSecond >= span.TotalSeconds;

    static TimeSpan Time(long units) => MediaTime.FromUnits((ulong)units, TransportClock.UnitsPerSecond);
}
