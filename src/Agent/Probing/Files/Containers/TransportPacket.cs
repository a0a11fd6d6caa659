namespace Agent.Probing.Files.Containers;

/// <summary>One packet of an MPEG transport stream, ISO/IEC 13818-1 clause 2.4.3, and the times it may carry.</summary>
readonly ref struct TransportPacket(ReadOnlySpan<byte> bytes)
{
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
        return (bytes[1] & 0x40) != 0 && PesHeader.TryReadTimes(Payload(), out streamId, out presented, out decoded);
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

    ReadOnlySpan<byte> Payload()
    {
        if (!IsSound || (bytes[3] & 0x10) == 0)
            return [];

        var start = (bytes[3] & 0x20) == 0 ? 4 : 5 + bytes[4];
        return start < bytes.Length ? bytes[start..] : [];
    }
}
