using System.Buffers.Binary;

namespace Agent.Probing.Rtsp;

/// <summary>What we need of RTCP (RFC 3550, 6): whether a sender says goodbye.</summary>
internal static class RtcpPacket
{
    const byte GoodbyeType = 203;

    /// <summary>Whether one of the compounded packets is a BYE.</summary>
    public static bool SaysGoodbye(ReadOnlySpan<byte> compound)
    {
        while (compound.Length >= 4 && compound[0] >> 6 == 2)
        {
            if (compound[1] == GoodbyeType)
                return true;
            var length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) + 1);
            if (length > compound.Length)
                return false;
            compound = compound[length..];
        }
        return false;
    }
}
