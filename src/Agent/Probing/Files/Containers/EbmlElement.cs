using System.Buffers.Binary;
using System.Numerics;

namespace Agent.Probing.Files.Containers;

/// <summary>One EBML element, RFC 8794.</summary>
/// <param name="End">Where it says it ends, which may be beyond the file; <see cref="long.MaxValue"/> when its size is unknown.</param>
/// <param name="IsUnknownSize">It was written live: it ends where something begins that cannot be inside it.</param>
readonly record struct EbmlElement(uint Id, long Start, long Body, long End, bool IsUnknownSize)
{
    const int LongestHeader = 12;

    /// <summary>False where no whole element header stands between the offset and the limit.</summary>
    internal static bool TryRead(BoundedReader reader, long offset, long limit, out EbmlElement element)
    {
        element = default;
        var header = reader.Peek(offset, (int)Math.Clamp(limit - offset, 0, LongestHeader));
        if (header.IsEmpty)
            return false;

        var idLength = LengthOf(header[0]);
        if (idLength > 4 || header.Length <= idLength)
            return false;

        var sizeLength = LengthOf(header[idLength]);
        if (sizeLength > 8 || header.Length < idLength + sizeLength)
            return false;

        var id = (uint)Unsigned(header[..idLength]);
        var mask = (1UL << 7 * sizeLength) - 1;
        var size = Unsigned(header.Slice(idLength, sizeLength)) & mask;
        var body = offset + idLength + sizeLength;
        var isUnknown = size == mask;
        var end = isUnknown || size > (ulong)(long.MaxValue - body) ? long.MaxValue : body + (long)size;
        element = new EbmlElement(id, offset, body, end, isUnknown);
        return true;
    }

    /// <summary>The child at an offset; false when none is left or it does not fit into this element.</summary>
    internal bool TryReadChild(BoundedReader reader, long offset, out EbmlElement child) =>
        TryRead(reader, offset, End, out child) && !child.IsUnknownSize && child.End <= End;

    /// <summary>The content as an unsigned number; null when it is longer than one may be.</summary>
    internal ulong? ReadUnsigned(BoundedReader reader)
    {
        if (End - Body > 8)
            return null;
        var content = reader.Peek(Body, (int)(End - Body));
        return content.Length == End - Body ? Unsigned(content) : null;
    }

    internal double? ReadFloat(BoundedReader reader)
    {
        if (End - Body > 8)
            return null;
        var content = reader.Peek(Body, (int)(End - Body));
        return content.Length switch
        {
            4 => BinaryPrimitives.ReadSingleBigEndian(content),
            8 => BinaryPrimitives.ReadDoubleBigEndian(content),
            _ => null,
        };
    }

    /// <summary>The length of a variable-size number by its first byte; 9 when that is zero, which no number starts with.</summary>
    internal static int LengthOf(byte first) => BitOperations.LeadingZeroCount((uint)first) - 23;

    static ulong Unsigned(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        foreach (var next in bytes)
            value = value << 8 | next;
        return value;
    }
}
