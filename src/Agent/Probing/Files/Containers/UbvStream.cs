using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>UniFi Protect's UBV: records of several tracks, and now and then one that says what time it is.</summary>
sealed class UbvStream : MediaStream
{
    bool countsSound;
    DateTimeOffset? start;

    internal override ContainerFormat Format => ContainerFormat.Ubv;

    internal override ulong UnitsPerSecond => 1000;

    internal override DateTimeOffset? StatedStart => start;

    internal static UbvStream? TryRecognize(ReadOnlySpan<byte> head) =>
        UbvRecord.TryRead(head, 0, out _) ? new UbvStream() : null;

    internal override bool TryChoose(ReadOnlySpan<byte> head, bool isLast)
    {
        long? video = null, sound = null;
        long? behind = null; // The track's clock behind the true one.
        for (var at = 0; TryFind(head, 0, at, out at, out var record); at += Advance(record, head.Length - at))
        {
            if (Milliseconds(record) is not { } time)
                continue;
            if (record.IsVideo)
                video ??= time;
            else if (record.IsSound)
                sound ??= time;
            else if (record is { Track: UbvRecord.ClockTrack, Size: >= 8 } && head.Length >= at + record.Body + 8)
                behind ??= Wall(head[(at + record.Body)..]) - time;
            if (video is not null && behind is not null)
                break;
        }

        countsSound = video is null;
        if ((video ?? sound) + behind is > 0 and < 4_102_444_800_000 and var wall)
            start = DateTimeOffset.FromUnixTimeMilliseconds(wall);
        return video is not null || (isLast && sound is not null);
    }

    internal override void Read(ReadOnlySpan<byte> piece, long offset, long length, StreamClock clock)
    {
        for (var at = 0; TryFind(piece, offset, at, out at, out var record); at += Advance(record, piece.Length - at))
        {
            var end = offset + at + record.Length;
            if (end > length)
            {
                clock.IsInStep = false;
                continue;
            }

            clock.End = end;
            if ((countsSound ? record.IsSound : record.IsVideo) && Milliseconds(record) is { } time)
                clock.Add(time, time);
        }
    }

    static int Advance(UbvRecord record, int available) => (int)Math.Min(record.Length, Math.Max(4, available));

    static long Wall(ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32BigEndian(data) * 1000L + BinaryPrimitives.ReadUInt32BigEndian(data[4..]) / 1_000_000;

    static long? Milliseconds(UbvRecord record) =>
        record is { Time: { } time, ClockRate: > 0 } && (UInt128)time * 1000 / record.ClockRate is var milliseconds && milliseconds < (UInt128)(1L << 60)
            ? (long)milliseconds
            : null;

    static bool TryFind(ReadOnlySpan<byte> piece, long offset, int from, out int at, out UbvRecord record)
    {
        for (at = from; at < piece.Length; at++)
        {
            var found = piece[at..].IndexOf((byte)0xA0);
            if (found < 0)
                break;
            at += found;
            if (UbvRecord.TryRead(piece[at..], offset + at, out record))
                return true;
        }

        record = default;
        return false;
    }
}
