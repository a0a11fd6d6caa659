using System.Buffers.Binary;

namespace FakeRecorder.Rtsp;

/// <summary>Writes a picture as one interleaved RTP packet with the extension of ONVIF replay.</summary>
static class ReplayPacket
{
    static readonly DateTimeOffset Ntp = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="number">Of the packet.</param>
    /// <param name="play">Low byte of the CSeq of the PLAY; 0 when it is not told.</param>
    public static byte[] Of(Picture picture, RtspScript script, ushort number, bool isTerminal, byte play)
    {
        var words = script.Fault == RtspFault.NoTimes ? 0 : script.LongExtension ? 5 : 3;
        var extension = words == 0 ? 0 : 4 + 4 * words;
        var packet = new byte[4 + 12 + extension + 8];
        packet[0] = (byte)'$';
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)(packet.Length - 4));
        var rtp = packet.AsSpan(4);
        rtp[0] = (byte)(words == 0 ? 0x80 : 0x90);
        rtp[1] = 0x80 | 96;
        BinaryPrimitives.WriteUInt16BigEndian(rtp[2..], number);
        BinaryPrimitives.WriteUInt32BigEndian(rtp[4..], unchecked((uint)((picture.Time - Ntp).Ticks * 9 / 1000)));
        rtp[8] = 0x55;
        var payload = rtp[(12 + extension)..];
        payload[0] = (byte)(picture.IsKey ? 0x65 : 0x41);
        payload[1..].Fill(0xFF);
        if (words == 0)
            return packet;

        BinaryPrimitives.WriteUInt16BigEndian(rtp[12..], 0xABAC);
        BinaryPrimitives.WriteUInt16BigEndian(rtp[14..], (ushort)words);
        var since = picture.Time - Ntp;
        BinaryPrimitives.WriteUInt32BigEndian(rtp[16..], unchecked((uint)(since.Ticks / TimeSpan.TicksPerSecond)));
        BinaryPrimitives.WriteUInt32BigEndian(rtp[20..], (uint)((ulong)(since.Ticks % TimeSpan.TicksPerSecond) * (1UL << 32) / TimeSpan.TicksPerSecond));
        rtp[24] = (byte)((picture.IsKey ? 0x80 : 0) | (picture.IsLast ? 0x40 : 0) | (picture.IsFirst ? 0x20 : 0) | (isTerminal ? 0x10 : 0));
        rtp[25] = play;
        if (script.LongExtension)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rtp[28..], 0xFFD8);
            BinaryPrimitives.WriteUInt16BigEndian(rtp[30..], 1);
        }
        return packet;
    }
}
