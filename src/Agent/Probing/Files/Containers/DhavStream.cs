namespace Agent.Probing.Files.Containers;

/// <summary>Dahua's DAV: frames with the recorder's local time in every one.</summary>
sealed class DhavStream : MediaStream
{
    (long Second, int Milliseconds) origin;
    bool countsSound;

    internal override ContainerFormat Format => ContainerFormat.Dhav;

    internal override ulong UnitsPerSecond => 1000;

    internal override DateTime? StatedClock => DateTime.UnixEpoch.AddSeconds(origin.Second) is var clock ? DateTime.SpecifyKind(clock, DateTimeKind.Unspecified) : null;

    /// <summary>A file of it, also one with bytes of a transfer before its first frame.</summary>
    internal static DhavStream? TryRecognize(ReadOnlySpan<byte> head) =>
        head.StartsWith("DAHUA"u8) || TryFind(head, 0, out _, out _) ? new DhavStream() : null;

    internal override bool TryChoose(ReadOnlySpan<byte> head, bool isLast)
    {
        DhavFrame? sound = null;
        for (var at = 0; TryFind(head, at, out at, out var frame); at += frame.Advance(head.Length - at))
        {
            if (frame.IsVideo)
                return Choose(frame, isSound: false);
            if (frame.IsSound)
                sound ??= frame;
        }

        return isLast && sound is { } first && Choose(first, isSound: true);
    }

    internal override void Read(ReadOnlySpan<byte> piece, long offset, long length, StreamClock clock)
    {
        for (var at = 0; TryFind(piece, at, out at, out var frame); at += frame.Advance(piece.Length - at))
        {
            var end = offset + at + frame.Length;
            if (end > length)
            {
                clock.IsInStep = false;
                continue;
            }

            clock.End = end;
            if (!frame.IsWhole(piece[at..]) || !(countsSound ? frame.IsSound : frame.IsVideo))
                continue;
            var time = Since(frame);
            clock.Add(time, time);
        }
    }

    bool Choose(DhavFrame frame, bool isSound)
    {
        origin = (frame.Second, frame.Milliseconds);
        countsSound = isSound;
        return true;
    }

    /// <summary>
    /// The date counts whole seconds; between them the frame's own counter of milliseconds tells, which starts again at
    /// 65,536. Where the two do not fit together the date stands alone.
    /// </summary>
    long Since(DhavFrame frame)
    {
        var byDate = (frame.Second - origin.Second) * 1000;
        var off = frame.Milliseconds - origin.Milliseconds - byDate & 0xFFFF;
        var nearest = off >= 0x8000 ? off - 0x10000 : off;
        return Math.Abs(nearest) < 1500 ? byDate + nearest : byDate;
    }

    static bool TryFind(ReadOnlySpan<byte> piece, int from, out int at, out DhavFrame frame)
    {
        for (at = from; at < piece.Length; at += 4)
        {
            var found = piece[at..].IndexOf("DHAV"u8);
            if (found < 0)
                break;
            at += found;
            if (DhavFrame.TryRead(piece[at..], out frame))
                return true;
        }

        frame = default;
        return false;
    }
}
