using System.Buffers.Binary;

namespace Agent.Probing.Rtsp;

/// <summary>What a replayed packet says of itself in the RTP header extension 0xABAC (ONVIF Streaming Specification, 6.2).</summary>
/// <param name="Time">When the picture was taken, on the recorder's clock.</param>
/// <param name="IsCleanPoint">C: decoding can begin here.</param>
/// <param name="EndsSection">E: the last of a contiguous piece.</param>
/// <param name="IsDiscontinuity">D: something is missing before it.</param>
/// <param name="IsTerminal">T: the last of what was asked for.</param>
/// <param name="PlayedBy">Low byte of the CSeq of the PLAY it answers; 0 where nobody fills it in.</param>
internal readonly record struct ReplayStamp(DateTimeOffset Time, bool IsCleanPoint, bool EndsSection, bool IsDiscontinuity, bool IsTerminal, byte PlayedBy)
{
    /// <summary>Of the extension's header.</summary>
    public const ushort Profile = 0xABAC;

    const int Bytes = 12;

    // NTP counts seconds in 32 bits from 1900; with the top bit clear it has begun anew, in 2036 (RFC 4330, 3).
    static readonly DateTimeOffset FirstEra = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset SecondEra = FirstEra.AddSeconds(1L << 32);

    /// <summary>Null when it is too short. What follows the twelve bytes (such as the JPEG extension) is not ours to read.</summary>
    /// <param name="extension">Without the four bytes of profile and length.</param>
    public static ReplayStamp? Read(ReadOnlySpan<byte> extension)
    {
        if (extension.Length < Bytes)
            return null;
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(extension);
        var fraction = BinaryPrimitives.ReadUInt32BigEndian(extension[4..]);
        var era = (seconds & 0x8000_0000) != 0 ? FirstEra : SecondEra;
        var bits = extension[8];
        return new ReplayStamp(
            era.AddSeconds(seconds).AddTicks((long)(fraction * (ulong)TimeSpan.TicksPerSecond >> 32)),
            (bits & 0x80) != 0, (bits & 0x40) != 0, (bits & 0x20) != 0, (bits & 0x10) != 0, extension[9]);
    }
}
