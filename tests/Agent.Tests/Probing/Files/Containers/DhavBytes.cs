using System.Buffers.Binary;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Writes DHAV frames by hand.</summary>
static class DhavBytes
{
    internal static byte[] Frame(byte type, DateTime clock, int milliseconds, int media)
    {
        var frame = new byte[24 + media + 8];
        "DHAV"u8.CopyTo(frame);
        frame[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12), (uint)frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(16),
            (uint)((clock.Year - 2000) << 26 | clock.Month << 22 | clock.Day << 17 | clock.Hour << 12 | clock.Minute << 6 | clock.Second));
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(20), (ushort)milliseconds);
        "dhav"u8.CopyTo(frame.AsSpan(frame.Length - 8));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - 4), (uint)frame.Length);
        return frame;
    }

    /// <summary>Pictures at 25 frames a second, one key picture in 50, from the given moments on.</summary>
    internal static byte[] Pictures(DateTime first, IEnumerable<int> milliseconds, int media = 500, int counterFrom = 60_000) =>
    [
        .. milliseconds.SelectMany((at, i) => Frame((byte)(i % 50 == 0 ? 0xFD : 0xFC), first.AddMilliseconds(at), (counterFrom + at) & 0xFFFF, media)),
    ];
}
