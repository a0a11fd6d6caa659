using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>The head of one DHAV frame: mark, type, subtype, channel, number, length, date, milliseconds.</summary>
/// <param name="Length">Of the whole frame with its trailer, bytes.</param>
/// <param name="Second">Recorder-local, as if its clock were UTC, since 1970.</param>
readonly record struct DhavFrame(byte Type, uint Length, long Second, int Milliseconds)
{
    const int HeaderLength = 24;
    const int TrailerLength = 8;
    const uint Longest = 32 << 20;

    internal bool IsVideo => Type is 0xFC or 0xFD;

    internal bool IsSound => Type == 0xF0;

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out DhavFrame frame)
    {
        frame = default;
        if (bytes.Length < HeaderLength || bytes[4] is not (0xF0 or 0xF1 or 0xFC or 0xFD))
            return false;

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        var date = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        if (length is < HeaderLength + TrailerLength or > Longest
            || RecorderDate.TryMake(2000 + (int)(date >> 26), (int)(date >> 22 & 15), (int)(date >> 17 & 31), (int)(date >> 12 & 31),
                (int)(date >> 6 & 63), (int)(date & 63)) is not { } clock)
            return false;

        frame = new DhavFrame(bytes[4], length, (clock - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond, BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]));
        return true;
    }

    /// <summary>Whether the trailer repeats the length where it must; true where it lies beyond the bytes at hand.</summary>
    internal bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.Length < Length
        || (bytes[(int)(Length - TrailerLength)..].StartsWith("dhav"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)(Length - 4)..]) == Length);

    /// <summary>How far to go on: behind the frame, or behind its mark when its trailer does not confirm it.</summary>
    internal int Advance(int available) => (int)Math.Min(Length, Math.Max(4, available));
}
