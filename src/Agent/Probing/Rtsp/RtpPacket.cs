using System.Buffers.Binary;

namespace Agent.Probing.Rtsp;

/// <summary>A packet of RTP (RFC 3550, 5.1).</summary>
/// <param name="Marker">Set on the last packet of a picture.</param>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Sequence">Counts packets; after 65,535 comes 0.</param>
/// <param name="Timestamp">Ticks of the medium's clock.</param>
/// <param name="Stamp">What replay says of it; null when it says nothing.</param>
/// <param name="Payload">Without header, extension and padding.</param>
internal readonly record struct RtpPacket(bool Marker, byte PayloadType, ushort Sequence, uint Timestamp, ReplayStamp? Stamp, ReadOnlyMemory<byte> Payload)
{
    const int HeaderBytes = 12;
    const int ExtensionHeaderBytes = 4;

    /// <summary>Null when it is no packet: another version, or lengths that do not fit.</summary>
    public static RtpPacket? Read(ReadOnlyMemory<byte> packet)
    {
        var bytes = packet.Span;
        if (bytes.Length < HeaderBytes || bytes[0] >> 6 != 2)
            return null;
        var at = HeaderBytes + 4 * (bytes[0] & 0x0F);
        ReplayStamp? stamp = null;
        if ((bytes[0] & 0x10) != 0)
        {
            if (bytes.Length < at + ExtensionHeaderBytes)
                return null;
            var length = 4 * BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (bytes.Length < at + ExtensionHeaderBytes + length)
                return null;
            if (BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) == ReplayStamp.Profile)
                stamp = ReplayStamp.Read(bytes.Slice(at + ExtensionHeaderBytes, length));
            at += ExtensionHeaderBytes + length;
        }
        // The last byte counts the padding, itself included.
        var padding = (bytes[0] & 0x20) != 0 ? bytes[^1] : 0;
        if (at + padding > bytes.Length)
            return null;
        return new RtpPacket(
            (bytes[1] & 0x80) != 0, (byte)(bytes[1] & 0x7F), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), stamp, packet[at..^padding]);
    }
}
