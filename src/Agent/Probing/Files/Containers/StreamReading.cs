namespace Agent.Probing.Files.Containers;

/// <summary>
/// Streams: nothing in them tells a length, so the first and the last times are read at both ends of the file, and
/// pauses between them are looked for in samples of the middle.
/// </summary>
static class StreamReading
{
    /// <summary>Pieces from the start, until one shows a time; and from the end, until one shows enough of them.</summary>
    static readonly int[] Pieces = [128 << 10, 512 << 10, BoundedReader.LargestWindow];

    /// <summary>Enough frames for the latest among reordered ones, and for the smallest step between them.</summary>
    const int EnoughTimes = 12;

    /// <summary>Whether space behind the media was reserved and never written is asked of so many bytes.</summary>
    const int ZeroBytes = 4096;

    /// <summary>The last packet may itself end with zeros, as a length does; whether it does its own end must tell.</summary>
    const int TrailingZeros = 8;

    /// <summary>One frame is never taken to last longer: above, a step is a pause of the camera.</summary>
    const int LongestFrameSeconds = 2;

    /// <summary>
    /// Nor, in a torn file, longer than at 25 frames a second: other readers go by the frame rate in the pictures'
    /// own headers, and the end of a torn file must not lie beyond what they find.
    /// </summary>
    const int LeastTornFrameRate = 25;

    /// <summary>Beyond an hour, less than this is no stream of a camera but a jump of its clock.</summary>
    const long LeastBytesPerSecond = 500;
    static readonly TimeSpan PlausibleAnyway = TimeSpan.FromHours(1);

    internal static ContainerReading Read(BoundedReader reader, MediaStream stream)
    {
        if (ReadHead(reader, stream) is not { } head)
            return ContainerReading.NoEnd(stream.Format, "no time stamp in the first part of the file");

        var end = EndOfData(reader);
        var (tail, tailStart) = ReadTail(reader, stream, end);
        var isWhole = end == reader.Length && stream.EndsWhole(end, tail);
        var second = (long)stream.UnitsPerSecond;
        var frame = Math.Min(isWhole ? LongestFrameSeconds * second : second / LeastTornFrameRate, tail.FrameDuration());
        var isLastTorn = !isWhole && stream.MayTearPictures;
        if (isLastTorn && tail.Count == 1)
            frame = 0;
        if (tail.LatestSince(head.Clock.First, isLastTorn) is { } latest && IsPlausible(Time(stream, latest), reader.Length))
        {
            var pauses = new StreamPauses(reader, stream, head.Clock.DecodingTimes[0]);
            pauses.Find((head.Clock, head.End), (tail, tailStart), latest);
            if (!pauses.ClockJumps)
            {
                var duration = Time(stream, latest + frame);
                return Stated(stream, new ContainerReading(
                    isWhole ? ContainerState.Whole : ContainerState.Open, stream.Format, duration,
                    isWhole ? null : "the last packet is not complete") with { Holes = pauses.Holes.Within(duration) });
            }
        }

        // At this point: the clock went backwards or leapt. Only what both ends show by themselves is certain.
        var certain = (head.Clock.LatestSince(head.Clock.First) ?? 0) + (tail.Count > 0 ? tail.LatestSince(tail.First) ?? 0 : 0);
        return Stated(stream, new ContainerReading(
            ContainerState.Open, stream.Format, Time(stream, certain), "the time stamps jump within the file"));
    }

    static ContainerReading Stated(MediaStream stream, ContainerReading reading) =>
        reading with { StatedStart = stream.StatedStart, StatedClock = stream.StatedClock };

    static (StreamClock Clock, long End)? ReadHead(BoundedReader reader, MediaStream stream)
    {
        foreach (var length in Pieces)
        {
            var piece = reader.Peek(0, length);
            var isLast = length == BoundedReader.LargestWindow || piece.Length < length;
            if (!stream.TryChoose(piece, isLast))
            {
                if (isLast)
                    break;
                continue; // Pictures may begin later than the clock does.
            }

            var clock = stream.NewClock();
            stream.Read(piece, 0, reader.Length, clock);
            if (clock.Count > 0)
                return (clock, piece.Length);
        }

        return null;
    }

    static (StreamClock Clock, long Start) ReadTail(BoundedReader reader, MediaStream stream, long end)
    {
        var clock = stream.NewClock();
        var start = end;
        foreach (var length in Pieces)
        {
            start = stream.Align(Math.Max(0, end - length));
            var piece = reader.Peek(start, (int)Math.Min(BoundedReader.LargestWindow, end - start));
            clock = stream.NewClock();
            stream.Read(piece, start, end, clock);
            if (start == 0 || clock.Count >= EnoughTimes)
                break;
        }

        return (clock, start);
    }

    /// <summary>Recorders reserve space before they fill it: what is zero at the end of the file was not written yet.</summary>
    static long EndOfData(BoundedReader reader)
    {
        if (!IsZero(reader, reader.Length - ZeroBytes))
            return reader.Length;

        long data = 0, empty = reader.Length - ZeroBytes;
        while (empty - data > ZeroBytes)
        {
            var middle = data + (empty - data) / 2;
            if (IsZero(reader, middle))
                empty = middle;
            else
                data = middle;
        }

        // At this point: the last byte written lies in a block or two from here.
        var last = reader.Peek(data, 3 * ZeroBytes).LastIndexOfAnyExcept((byte)0);
        return last < 0 ? reader.Length : Math.Min(reader.Length, data + last + 1 + TrailingZeros);
    }

    static bool IsZero(BoundedReader reader, long offset)
    {
        var piece = reader.Peek(offset, ZeroBytes);
        return piece.Length == ZeroBytes && piece.IndexOfAnyExcept((byte)0) < 0;
    }

    static bool IsPlausible(TimeSpan span, long length) =>
        span <= PlausibleAnyway || length / LeastBytesPerSecond >= span.TotalSeconds;

    static TimeSpan Time(MediaStream stream, long units) => MediaTime.FromUnits((ulong)units, stream.UnitsPerSecond);
}
