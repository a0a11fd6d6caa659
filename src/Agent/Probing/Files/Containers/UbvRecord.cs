using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>One record of a UBV file: what track, when, and where it ends.</summary>
/// <param name="Body">Where its data starts, from the record's start.</param>
/// <param name="Size">Of its data, bytes.</param>
/// <param name="Length">Of the whole record with padding and the size that is repeated behind it.</param>
/// <param name="Time">Decoding time in units of its own clock; null when it carries none.</param>
readonly record struct UbvRecord(int Track, int Body, uint Size, long Length, ulong? Time, uint ClockRate)
{
    internal const int ClockTrack = 0xDA7E;
    const byte Mark = 0xA0;
    const byte TimeOf64Bits = 0x04, ExtraField = 0x02, SizeStandsAlone = 0x40;
    const int LongestHeader = 32;
    const uint Largest = 64 << 20;

    static readonly uint[] ClockRates = [0, 0, 1000, 8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 90_000, 1_000_000, 1_000_000_000, 0];

    /// <summary>H.264, HEVC and AV1.</summary>
    internal bool IsVideo => Track is 7 or 1003 or 1004;

    internal bool IsSound => Track is 1000 or 1001;

    bool IsKnown => IsVideo || IsSound || Track is ClockTrack or 9;

    /// <param name="bytes">From the record on; only records of known tracks are taken when their end lies beyond it.</param>
    /// <param name="offset">Of the record in the file: padding counts from there.</param>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, long offset, out UbvRecord record)
    {
        record = default;
        if (bytes.Length < LongestHeader || bytes[0] != Mark || (bytes[0] ^ bytes[1] ^ bytes[2]) != bytes[3])
            return false;

        record = Timed(bytes, offset);
        if (record.Size <= Largest && record.IsConfirmed(bytes))
            return true;
        if ((bytes[5] & 15) != 0)
            return false;

        record = Make(bytes, offset, 8, null, 0);
        return record.Size <= Largest && record.IsConfirmed(bytes);
    }

    static UbvRecord Timed(ReadOnlySpan<byte> bytes, long offset)
    {
        var (flags, clock) = (bytes[4], bytes[5] & 15);
        var field = 8;
        var rate = ClockRates[clock];
        if (clock == 1)
        {
            rate = BinaryPrimitives.ReadUInt32BigEndian(bytes[field..]);
            field += 4;
        }

        var isLong = (flags & TimeOf64Bits) != 0;
        var time = isLong ? BinaryPrimitives.ReadUInt64BigEndian(bytes[field..]) : BinaryPrimitives.ReadUInt32BigEndian(bytes[field..]);
        field += isLong ? 8 : 4;
        field += (flags & ExtraField) != 0 ? 4 : 0;
        field += (flags & SizeStandsAlone) != 0 ? 0 : 4;
        return Make(bytes, offset, field, rate == 0 ? null : time, rate);
    }

    static UbvRecord Make(ReadOnlySpan<byte> bytes, long offset, int sizeField, ulong? time, uint rate)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeField..]);
        var end = offset + sizeField + 4 + size;
        var padding = -end & 3;
        return new UbvRecord(BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]), sizeField + 4, size, end + padding + 4 - offset, time, rate);
    }

    /// <summary>The size behind the record leads back to its start; writers may count that field itself or not.</summary>
    bool IsConfirmed(ReadOnlySpan<byte> bytes)
    {
        if (Length > bytes.Length)
            return IsKnown;
        var back = BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)(Length - 4)..]);
        return back == Length - 4 || back == Length;
    }
}
