using System.Buffers.Binary;

namespace Agent.Tests.Probing.Files.IndexFiles;

/// <summary>Writes an <c>index00.bin</c> by hand.</summary>
sealed class HikvisionBytes
{
    readonly int files;

    internal HikvisionBytes(int files)
    {
        this.files = files;
        Content = new byte[1280 + files * (32 + 256 * 80)];
        Write(8, 2);
        Write(12, (uint)files);
        for (var camera = 0; camera < 49; camera++)
            BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(24 + camera * 24), 0xFFFF);
        for (var file = 0; file < files; file++)
            BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(1280 + file * 32 + 4), 0xFFFF);
    }

    internal byte[] Content { get; }

    /// <summary>A file that was closed, with its segments.</summary>
    internal HikvisionBytes File(int file, int camera, params (uint Start, uint End)[] segments)
    {
        Write(1280 + file * 32, (uint)file);
        BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(1280 + file * 32 + 4), (ushort)camera);
        BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(1280 + file * 32 + 6), (ushort)segments.Length);
        for (var i = 0; i < segments.Length; i++)
            Segment(file, i, segments[i].Start, segments[i].End);
        return this;
    }

    /// <summary>One place, counted or not.</summary>
    internal HikvisionBytes Segment(int file, int place, uint start, uint end)
    {
        var at = 1280 + files * 32 + (file * 256 + place) * 80;
        Write(at + 8, start);
        Write(at + 16, end);
        Write(at + 40, (uint)place * 1000);
        Write(at + 44, (uint)place * 1000 + 900);
        return this;
    }

    /// <summary>What the header says of the file a camera is writing.</summary>
    internal HikvisionBytes Open(int camera, int file, int count, uint start)
    {
        var at = 24 + camera * 24;
        BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(at), (ushort)file);
        BinaryPrimitives.WriteUInt16LittleEndian(Content.AsSpan(at + 2), (ushort)count);
        Write(at + 4, start);
        return this;
    }

    void Write(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Content.AsSpan(at), value);
}
