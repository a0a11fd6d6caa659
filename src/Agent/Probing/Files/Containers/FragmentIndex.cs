using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// The two indexes a fragmented MP4 may carry. They only ever say where to look next: a duration comes out of the
/// fragments themselves, so an index that lies costs time, not truth.
/// </summary>
static class FragmentIndex
{
    const int MfroLength = 16;

    /// <summary>Where the last piece a sidx tells of starts, and where it ends; null when it is not a plain list of pieces.</summary>
    internal static (long LastPiece, long End)? ReadSidx(BoundedReader reader, Box sidx)
    {
        var body = reader.Peek(sidx.Body, (int)Math.Min(32, sidx.BodyLength));
        var isLarge = body.Length > 0 && body[0] != 0;
        var countField = isLarge ? 30 : 22;
        if (body.Length < countField + 2)
            return null;

        var firstOffset = isLarge ? BinaryPrimitives.ReadUInt64BigEndian(body[20..]) : BinaryPrimitives.ReadUInt32BigEndian(body[16..]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(body[countField..]);
        if (count == 0 || firstOffset > long.MaxValue / 2)
            return null;

        var entries = new TableCursor(reader, sidx.Body + countField + 2, sidx.End, 12);
        var piece = sidx.End;
        var end = piece + (long)firstOffset; // At most 65,535 pieces of at most 2 GiB follow: no overflow.
        for (var i = 0; i < count; i++)
        {
            var entry = entries.Next();
            if (entry.IsEmpty)
                return null;
            var size = BinaryPrimitives.ReadUInt32BigEndian(entry);
            if (size > int.MaxValue)
                return null; // The top bit: it points to another index, not to media.
            piece = end;
            end += size;
        }

        return (piece, end);
    }

    /// <summary>The last fragment of a track by the mfra that a finished file ends with; null where there is none.</summary>
    internal static long? LastFragment(BoundedReader reader, uint trackId)
    {
        var tail = reader.Peek(reader.Length - MfroLength, MfroLength);
        if (tail.Length < MfroLength || BinaryPrimitives.ReadUInt32BigEndian(tail[4..]) != BoxTypes.Mfro)
            return null;

        var start = reader.Length - BinaryPrimitives.ReadUInt32BigEndian(tail[12..]);
        if (!Box.TryRead(reader, start, reader.Length, out var mfra) || mfra.Type != BoxTypes.Mfra || mfra.End != reader.Length)
            return null;

        for (var at = mfra.Body; mfra.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Type == BoxTypes.Tfra && LastEntry(reader, child, trackId) is { } offset)
                return offset;
        }

        return null;
    }

    static long? LastEntry(BoundedReader reader, Box tfra, uint trackId)
    {
        var head = reader.Peek(tfra.Body, 16);
        if (head.Length < 16 || BinaryPrimitives.ReadUInt32BigEndian(head[4..]) != trackId)
            return null;

        var lengths = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        var numbers = (int)((lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3)) + 3;
        var field = head[0] == 1 ? 8 : 4;
        var entryLength = 2 * field + numbers;
        var count = BinaryPrimitives.ReadUInt32BigEndian(head[12..]);
        var last = tfra.Body + 16 + ((long)count - 1) * entryLength;
        if (count == 0 || last > tfra.End - entryLength)
            return null;

        var entry = reader.Peek(last + field, field);
        if (entry.Length < field)
            return null;
        var offset = field == 8 ? BinaryPrimitives.ReadUInt64BigEndian(entry) : BinaryPrimitives.ReadUInt32BigEndian(entry);
        return offset > long.MaxValue ? null : (long)offset;
    }
}
