using System.Buffers.Binary;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Writes UBV records by hand.</summary>
sealed class UbvBytes
{
    readonly List<byte> content = [];

    internal byte[] Content => [.. content];

    /// <param name="track">7 is H.264, 1000 is AAC, 0xDA7E says what time it is.</param>
    /// <param name="clock">The number of a clock rate: 12 is 90,000 a second, 2 is a thousand.</param>
    internal UbvBytes Add(int track, int clock, ulong time, byte[] data)
    {
        var record = new byte[16 + 4];
        record[0] = 0xA0;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(1), (ushort)track);
        record[3] = (byte)(record[0] ^ record[1] ^ record[2]);
        record[4] = 0xED;
        record[5] = (byte)clock;
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(8), time);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(16), (uint)data.Length);
        var start = content.Count;
        content.AddRange(record);
        content.AddRange(data);
        while (content.Count % 4 != 0)
            content.Add(0);
        var size = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(size, (uint)(content.Count - start));
        content.AddRange(size);
        return this;
    }

    internal UbvBytes AddClock(DateTimeOffset instant, ulong milliseconds)
    {
        var data = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(data, (uint)instant.ToUnixTimeSeconds());
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), (uint)(instant.Millisecond * 1_000_000));
        return Add(0xDA7E, 2, milliseconds, data);
    }

    internal UbvBytes AddPictures(ulong from, int count, int media = 501)
    {
        for (var i = 0; i < count; i++)
            Add(7, 12, (from + (ulong)i * 40) * 90, new byte[media]);
        return this;
    }
}
