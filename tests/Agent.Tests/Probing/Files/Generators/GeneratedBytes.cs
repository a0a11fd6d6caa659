using System.Buffers.Binary;
using System.Text;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>Bytes in the making: appended in either order, patched where a length is known only later.</summary>
sealed class GeneratedBytes
{
    readonly MemoryStream _stream = new();

    internal int Count => (int)_stream.Length;

    internal GeneratedBytes Text(string ascii) => Raw(Encoding.ASCII.GetBytes(ascii));

    internal GeneratedBytes Raw(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        return this;
    }

    internal GeneratedBytes U8(int value) => Raw([(byte)value]);

    internal GeneratedBytes Zeros(int count) => Raw(new byte[count]);

    internal GeneratedBytes U16Little(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return Raw(bytes);
    }

    internal GeneratedBytes U32Little(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return Raw(bytes);
    }

    internal GeneratedBytes U64Little(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }

    internal GeneratedBytes U16Big(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return Raw(bytes);
    }

    internal GeneratedBytes U32Big(long value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return Raw(bytes);
    }

    internal GeneratedBytes U64Big(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Raw(bytes);
    }

    internal byte[] ToArray() => _stream.ToArray();
}
