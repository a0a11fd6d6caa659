namespace Agent.Probing.Files.Containers;

/// <summary>How transport packets lie in a file: 188 bytes each, or 192 with the four-byte time of an M2TS before each.</summary>
/// <param name="FirstSync">Offset of the first packet's sync byte.</param>
readonly record struct TransportPacking(int FirstSync, int Stride)
{
    internal const byte Sync = 0x47;
    internal const int PacketLength = 188;
    const int TimedStride = 192;
    const int TimePrefix = 4;

    /// <summary>So many sync bytes in a row are no accident.</summary>
    const int SureSyncs = 5;

    internal static TransportPacking? TryRecognize(ReadOnlySpan<byte> head)
    {
        if (Holds(head, 0, PacketLength))
            return new TransportPacking(0, PacketLength);
        if (Holds(head, TimePrefix, TimedStride))
            return new TransportPacking(TimePrefix, TimedStride);

        // A recording of a live stream may start inside a packet; then only a long run of sync bytes convinces.
        for (var at = 1; at < TimedStride; at++)
        {
            if (at + SureSyncs * TimedStride > head.Length)
                break;
            if (Holds(head, at, PacketLength))
                return new TransportPacking(at, PacketLength);
            if (Holds(head, at, TimedStride))
                return new TransportPacking(at, TimedStride);
        }

        return null;
    }

    static bool Holds(ReadOnlySpan<byte> head, int first, int stride)
    {
        if (head.Length < first + PacketLength)
            return false;

        for (var i = 0; i < SureSyncs && first + i * stride < head.Length; i++)
        {
            if (head[first + i * stride] != Sync)
                return false;
        }

        return true;
    }
}
