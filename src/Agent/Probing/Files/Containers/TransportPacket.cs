namespace Agent.Probing.Files.Containers;

/// <summary>One packet of an MPEG transport stream, ISO/IEC 13818-1 clause 2.4.3, and the times it may carry.</summary>
readonly ref struct TransportPacket(ReadOnlySpan<byte> bytes)
{
    const int PesHeaderWithPts = 14;
    const int PesHeaderWithBoth = 19;

    readonly ReadOnlySpan<byte> bytes = bytes;

    internal int Pid => (bytes[1] & 0x1F) << 8 | bytes[2];

    bool IsSound => (bytes[1] & 0x80) == 0 && (bytes[3] & 0xC0) == 0;

    /// <summary>
    /// The times of a PES packet that starts here and has media behind its header in this very packet: a header
    /// alone, at the end of a torn file, shows no picture. Where no decoding time is given, it is the presentation time.
    /// </summary>
    internal bool TryReadTimes(out byte streamId, out long presented, out long decoded)
    {
        streamId = 0;
        presented = decoded = 0;
        var payload = Payload();
        if ((bytes[1] & 0x40) == 0 || payload.Length <= PesHeaderWithPts || payload[0] != 0 || payload[1] != 0 || payload[2] != 1)
            return false;

        streamId = payload[3];
        if ((payload[6] & 0xC0) != 0x80 || (payload[7] & 0x80) == 0 || payload.Length <= 9 + payload[8])
            return false;
        if ((payload[9] & payload[11] & payload[13] & 1) == 0)
            return false; // Marker bits; something else stands here.

        presented = Time(payload[9..]);
        decoded = (payload[7] & 0x40) != 0 && payload.Length >= PesHeaderWithBoth ? Time(payload[14..]) : presented;
        return true;
    }

    /// <summary>The 90 kHz part of the program clock reference.</summary>
    internal bool TryReadPcr(out long pcr)
    {
        pcr = 0;
        if (!IsSound || (bytes[3] & 0x20) == 0 || bytes[4] < 7 || (bytes[5] & 0x10) == 0)
            return false;

        pcr = (long)bytes[6] << 25 | (long)bytes[7] << 17 | (long)bytes[8] << 9 | (long)bytes[9] << 1 | (long)bytes[10] >> 7;
        return true;
    }

    static long Time(ReadOnlySpan<byte> field) =>
        (long)(field[0] & 0x0E) << 29 | (long)field[1] << 22 | (long)(field[2] & 0xFE) << 14 | (long)field[3] << 7 | (long)field[4] >> 1;

    ReadOnlySpan<byte> Payload()
    {
        if (!IsSound || (bytes[3] & 0x10) == 0)
            return [];

        var start = (bytes[3] & 0x20) == 0 ? 4 : 5 + bytes[4];
        return start < bytes.Length ? bytes[start..] : [];
    }
}
