using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// The table of fragments a finished file ends with (mfra, ISO/IEC 14496-12 clause 8.8.10). Where it shows that fragments
/// follow each other closely, no pause can lie between them, and they need not be looked at one by one.
/// </summary>
sealed class FragmentIndex
{
    const int MfroLength = 16;

    readonly TableCursor entries;
    readonly int field;
    (ulong Time, long Offset)? current;

    FragmentIndex(TableCursor entries, int field)
    {
        this.entries = entries;
        this.field = field;
        current = Next();
    }

    /// <summary>Null where the file has none for this track.</summary>
    internal static FragmentIndex? Open(BoundedReader reader, uint trackId)
    {
        var tail = reader.Peek(reader.Length - MfroLength, MfroLength);
        if (tail.Length < MfroLength || BinaryPrimitives.ReadUInt32BigEndian(tail[4..]) != BoxTypes.Mfro)
            return null;

        var start = reader.Length - BinaryPrimitives.ReadUInt32BigEndian(tail[12..]);
        if (!Box.TryRead(reader, start, reader.Length, out var mfra) || mfra.Type != BoxTypes.Mfra || mfra.End != reader.Length)
            return null;

        for (var at = mfra.Body; mfra.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Type == BoxTypes.Tfra && Open(reader, child, trackId) is { } index)
                return index;
        }

        return null;
    }

    /// <summary>
    /// The last of the fragments that follow the one at an offset closely; null when the table does not know that one,
    /// or none follows it closely.
    /// </summary>
    /// <param name="close">The longest time between two that are close, in units of the track.</param>
    internal (ulong Time, long Offset)? Leap(long from, ulong close)
    {
        while (current is { } entry && entry.Offset < from)
            current = Next();
        if (current is not { } first || first.Offset != from)
            return null;

        var last = first;
        while (Next() is { } next)
        {
            current = next;
            if (next.Offset <= last.Offset || next.Time < last.Time || next.Time - last.Time > close)
                break;
            last = next;
        }

        return last.Offset > from ? last : null;
    }

    /// <summary>How far the pieces reach that a sidx tells of; null when it is not a plain list of pieces.</summary>
    internal static long? ReadPromisedEnd(BoundedReader reader, Box sidx)
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
        var end = sidx.End + (long)firstOffset; // At most 65,535 pieces of at most 2 GiB follow: no overflow.
        for (var i = 0; i < count; i++)
        {
            var entry = entries.Next();
            if (entry.IsEmpty)
                return null;
            var size = BinaryPrimitives.ReadUInt32BigEndian(entry);
            if (size > int.MaxValue)
                return null; // The top bit: it points to another index, not to media.
            end += size;
        }

        return end;
    }

    static FragmentIndex? Open(BoundedReader reader, Box tfra, uint trackId)
    {
        var head = reader.Peek(tfra.Body, 16);
        if (head.Length < 16 || BinaryPrimitives.ReadUInt32BigEndian(head[4..]) != trackId)
            return null;

        var lengths = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        var numbers = (int)((lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3)) + 3;
        var field = head[0] == 1 ? 8 : 4;
        var entryLength = 2 * field + numbers;
        var count = BinaryPrimitives.ReadUInt32BigEndian(head[12..]);
        var start = tfra.Body + 16;
        return count > 0 && count <= (tfra.End - start) / entryLength
            ? new FragmentIndex(new TableCursor(reader, start, start + count * (long)entryLength, entryLength), field)
            : null;
    }

    (ulong Time, long Offset)? Next()
    {
        var entry = entries.Next();
        if (entry.IsEmpty)
            return null;
        var time = field == 8 ? BinaryPrimitives.ReadUInt64BigEndian(entry) : BinaryPrimitives.ReadUInt32BigEndian(entry);
        var offset = field == 8 ? BinaryPrimitives.ReadUInt64BigEndian(entry[8..]) : BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
        return offset > long.MaxValue ? null : (time, (long)offset);
    }
}
