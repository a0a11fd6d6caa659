using System.Buffers.Binary;
using System.Text;

namespace Agent.Tests.Probing.Files.Containers;

/// <summary>Writes MP4 boxes by hand, sound ones and others.</summary>
static class Mp4Bytes
{
    internal static byte[] Box(string type, params byte[][] content)
    {
        var body = content.SelectMany(part => part).ToArray();
        return [.. U32((uint)body.Length + 8), .. Encoding.ASCII.GetBytes(type), .. body];
    }

    /// <summary>A box whose header claims a size of its own.</summary>
    internal static byte[] Claiming(string type, uint size, params byte[][] content) =>
        [.. U32(size), .. Encoding.ASCII.GetBytes(type), .. content.SelectMany(part => part)];

    internal static byte[] ClaimingLarge(string type, ulong size, params byte[][] content) =>
        [.. U32(1), .. Encoding.ASCII.GetBytes(type), .. U64(size), .. content.SelectMany(part => part)];

    internal static byte[] U32(params uint[] values)
    {
        var bytes = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i * 4), values[i]);
        return bytes;
    }

    internal static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    internal static byte[] Ftyp { get; } = Box("ftyp", Encoding.ASCII.GetBytes("isom"), U32(512));

    internal static byte[] Track(uint id, string handler, byte[] mdhd, params byte[][] tables) =>
        Box("trak",
            Box("tkhd", U32(0, 0, 0, id, 0, 0)),
            Box("mdia", mdhd, Box("hdlr", U32(0, 0), Encoding.ASCII.GetBytes(handler), U32(0, 0, 0)), Box("minf", Box("stbl", tables))));

    internal static byte[] Mdhd(uint timeScale, uint duration) => Box("mdhd", U32(0, 0, 0, timeScale, duration, 0));

    internal static byte[] LongMdhd(uint timeScale, ulong duration) =>
        Box("mdhd", U32(0x01000000), U64(0), U64(0), U32(timeScale), U64(duration), U32(0));

    internal static byte[] Mvhd(uint timeScale, uint duration) => Box("mvhd", U32(0, 0, 0, timeScale, duration), new byte[80]);

    /// <summary>Samples of equal duration, all in one chunk.</summary>
    internal static byte[][] Tables(uint chunkOffset, uint sampleDuration, params uint[] sizes) =>
    [
        Box("stts", U32(0, 1, (uint)sizes.Length, sampleDuration)),
        Box("stsc", U32(0, 1, 1, (uint)sizes.Length, 1)),
        Box("stsz", U32(0, 0, (uint)sizes.Length), U32(sizes)),
        Box("stco", U32(0, 1, chunkOffset)),
    ];

    internal static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
