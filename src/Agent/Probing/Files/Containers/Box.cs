using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>One box (atom) of an ISO base media file, ISO/IEC 14496-12 clause 4.2.</summary>
/// <param name="Body">Where its content starts; of a full box, its version byte.</param>
/// <param name="End">Where it says it ends, which may be beyond the file.</param>
/// <param name="IsOpenEnded">Its size is 0, "to the end": it cannot tell that bytes are missing.</param>
readonly record struct Box(uint Type, long Start, long Body, long End, bool IsOpenEnded)
{
    internal const int HeaderLength = 8;
    const int LargeHeaderLength = 16;

    internal long BodyLength => End - Body;

    /// <summary>False where no header stands between the offset and the limit, or what stands there cannot be one.</summary>
    internal static bool TryRead(BoundedReader reader, long offset, long limit, out Box box)
    {
        box = default;
        var header = reader.Peek(offset, LargeHeaderLength);
        if (header.Length < HeaderLength || limit - offset < HeaderLength)
            return false;

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        var headerLength = HeaderLength;
        if (type == 0)
            return false; // Space that was allocated and never written.
        if (size == 0)
        {
            box = new Box(type, offset, offset + HeaderLength, limit, IsOpenEnded: true);
            return true;
        }

        if (size == 1)
        {
            if (header.Length < LargeHeaderLength || limit - offset < LargeHeaderLength)
                return false;
            size = BinaryPrimitives.ReadUInt64BigEndian(header[8..]);
            headerLength = LargeHeaderLength;
        }

        if (size < (ulong)headerLength)
            return false; // It would not advance.

        var end = size > (ulong)(long.MaxValue - offset) ? long.MaxValue : offset + (long)size;
        box = new Box(type, offset, offset + headerLength, end, IsOpenEnded: false);
        return true;
    }

    /// <summary>The child at an offset; false when none is left or it does not fit into this box.</summary>
    internal bool TryReadChild(BoundedReader reader, long offset, out Box child) =>
        TryRead(reader, offset, End, out child) && child.End <= End;

    /// <summary>The first child of a type, found by hopping over its siblings.</summary>
    internal Box? FindChild(BoundedReader reader, uint type)
    {
        for (var at = Body; TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Type == type)
                return child;
        }

        return null;
    }
}
