namespace Agent.Probing.Files.Containers;

/// <summary>The header of one packet of an elementary stream, ISO/IEC 13818-1 clause 2.4.3.6 and 11172-1 clause 2.4.3.3.</summary>
static class PesHeader
{
    internal const long Wrap = 1L << 33;
    internal const ulong UnitsPerSecond = 90_000;

    /// <summary>Start code, stream and length.</summary>
    internal const int FixedLength = 6;

    const int HeaderWithPts = 14;
    const int HeaderWithBoth = 19;
    const int MostStuffing = 16;

    /// <summary>
    /// The times of a packet that has media behind its header within the given bytes. Where no decoding time is given,
    /// it is the presentation time.
    /// </summary>
    internal static bool TryReadTimes(ReadOnlySpan<byte> packet, out byte streamId, out long presented, out long decoded)
    {
        streamId = 0;
        presented = decoded = 0;
        if (packet.Length <= HeaderWithPts || packet[0] != 0 || packet[1] != 0 || packet[2] != 1)
            return false;

        streamId = packet[3];
        if ((packet[6] & 0xC0) != 0x80 || (packet[7] & 0x80) == 0 || packet.Length <= 9 + packet[8] || packet[8] < 5)
            return false;
        if (!TryReadTime(packet[9..], out presented))
            return false;

        decoded = presented;
        if ((packet[7] & 0x40) != 0 && packet.Length >= HeaderWithBoth && packet[8] >= 10)
            decoded = Time(packet[14..]);
        return true;
    }

    /// <summary>The same in MPEG-1, where stuffing and a buffer size may stand before the times.</summary>
    internal static bool TryReadTimesOfMpeg1(ReadOnlySpan<byte> packet, out byte streamId, out long presented, out long decoded)
    {
        streamId = 0;
        presented = decoded = 0;
        if (packet.Length <= FixedLength)
            return false;

        streamId = packet[3];
        var at = FixedLength;
        while (at < packet.Length && packet[at] == 0xFF && at < FixedLength + MostStuffing)
            at++;
        if (at < packet.Length && (packet[at] & 0xC0) == 0x40)
            at += 2;
        if (at + 10 >= packet.Length || (packet[at] & 0xE0) != 0x20 || !TryReadTime(packet[at..], out presented))
            return false;

        decoded = (packet[at] & 0x10) != 0 ? Time(packet[(at + 5)..]) : presented;
        return true;
    }

    static bool TryReadTime(ReadOnlySpan<byte> field, out long time)
    {
        time = Time(field);
        return (field[0] & field[2] & field[4] & 1) != 0; // Marker bits; otherwise something else stands here.
    }

    static long Time(ReadOnlySpan<byte> field) =>
        (long)(field[0] & 0x0E) << 29 | (long)field[1] << 22 | (long)(field[2] & 0xFE) << 14 | (long)field[3] << 7 | (long)field[4] >> 1;
}
