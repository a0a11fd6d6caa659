using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>What one track of an MP4 says in its header.</summary>
/// <param name="Duration">In units of the time scale; 0 when unknown, as it is while fragments are being written.</param>
/// <param name="SampleTable">Its stbl, whose tables are read only when the file is short of bytes.</param>
readonly record struct Mp4Track(uint Id, bool IsVideo, uint TimeScale, ulong Duration, Box? SampleTable)
{
    /// <summary>Null when the trak has no usable media header.</summary>
    internal static Mp4Track? Read(BoundedReader reader, Box trak)
    {
        var id = 0u;
        for (var at = trak.Body; trak.TryReadChild(reader, at, out var child); at = child.End)
        {
            if (child.Type == BoxTypes.Tkhd)
            {
                var body = reader.Peek(child.Body, 24);
                if (body.Length < 24)
                    return null;
                id = BinaryPrimitives.ReadUInt32BigEndian(body[(body[0] == 1 ? 20 : 12)..]);
            }
            else if (child.Type == BoxTypes.Mdia)
            {
                return ReadMedia(reader, child, id);
            }
        }

        return null;
    }

    /// <summary>Time scale and duration out of an mvhd or mdhd, which begin alike.</summary>
    internal static (uint TimeScale, ulong Duration) ReadTimes(BoundedReader reader, Box header)
    {
        var body = reader.Peek(header.Body, (int)Math.Min(32, header.BodyLength));
        if (body.Length >= 32 && body[0] == 1)
        {
            var duration = BinaryPrimitives.ReadUInt64BigEndian(body[24..]);
            return (BinaryPrimitives.ReadUInt32BigEndian(body[20..]), duration == ulong.MaxValue ? 0 : duration);
        }

        if (body.Length >= 20 && body[0] == 0)
        {
            var duration = BinaryPrimitives.ReadUInt32BigEndian(body[16..]);
            return (BinaryPrimitives.ReadUInt32BigEndian(body[12..]), duration == uint.MaxValue ? 0 : duration);
        }

        return (0, 0);
    }

    static Mp4Track? ReadMedia(BoundedReader reader, Box mdia, uint id)
    {
        (uint TimeScale, ulong Duration) times = (0, 0);
        var isVideo = false;
        Box? table = null;
        for (var at = mdia.Body; mdia.TryReadChild(reader, at, out var child); at = child.End)
        {
            switch (child.Type)
            {
                case BoxTypes.Mdhd:
                    times = ReadTimes(reader, child);
                    break;
                case BoxTypes.Hdlr:
                    var handler = reader.Peek(child.Body, 12);
                    isVideo = handler.Length == 12 && BinaryPrimitives.ReadUInt32BigEndian(handler[8..]) == BoxTypes.Vide;
                    break;
                case BoxTypes.Minf:
                    table = child.FindChild(reader, BoxTypes.Stbl);
                    break;
                default:
                    break;
            }
        }

        return times.TimeScale == 0 ? null : new Mp4Track(id, isVideo, times.TimeScale, times.Duration, table);
    }
}
