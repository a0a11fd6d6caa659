using System.Buffers.Binary;
using Agent.Probing.Files.Containers;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// The bytes of <c>index00.bin</c>: a header, 32 bytes per file, and for every file 256 places of 80 bytes for segments.
/// A place is never cleared when its file is written anew, so what lies beyond a file's count of segments is of footage
/// that was overwritten long ago. Of a file that is being written, the header knows the count and the file's own entry
/// does not.
/// </summary>
static class HikvisionIndexFile
{
    const int HeaderLength = 1280;
    const int FileEntryLength = 32;
    const int SegmentLength = 80;
    const int SegmentPlaces = 256;
    const int OpenFiles = 49;
    const int OpenFilesAt = 24;
    const int OpenFileLength = 24;
    const ushort None = 0xFFFF;
    const uint OldestVersion = 1, NewestVersion = 9;

    /// <summary>Sixteen terabytes in files of 256 MB.</summary>
    const uint MostFiles = 65_534;
    const int MostSegments = 4_000_000;
    const long MostBytes = 1L << 30;

    /// <exception cref="InvalidDataException">Its parts contradict each other.</exception>
    internal static List<HikvisionSegment> Read(BoundedReader reader)
    {
        reader.ByteBudget = MostBytes;
        var header = reader.Peek(0, HeaderLength);
        if (header.Length < HeaderLength)
            throw new InvalidDataException("the index is shorter than its header");

        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        var count = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (version is < OldestVersion or > NewestVersion)
            throw new InvalidDataException($"version {version} of the index is not known");
        if (count is 0 or > MostFiles || reader.Length < HeaderLength + (long)count * (FileEntryLength + SegmentPlaces * SegmentLength))
            throw new InvalidDataException("the index is shorter than its files need");

        var open = OpenFilesOf(header);
        var files = new TableCursor(reader, HeaderLength, HeaderLength + (long)count * FileEntryLength, FileEntryLength);
        var segments = new List<HikvisionSegment>();
        for (uint i = 0; i < count; i++)
        {
            var entry = files.Next();
            if (entry.IsEmpty)
                throw new InvalidDataException("the index became shorter while it was read");

            var places = HeaderLength + (long)count * FileEntryLength + i * (long)SegmentPlaces * SegmentLength;
            if (open.TryGetValue(i, out var current))
                AddOpen(reader, places, current, segments);
            else
                AddClosed(reader, places, entry, segments);
            if (segments.Count > MostSegments)
                throw new InvalidDataException("too much work: more segments than any recorder has");
        }

        return segments;
    }

    static Dictionary<uint, OpenFile> OpenFilesOf(ReadOnlySpan<byte> header)
    {
        var open = new Dictionary<uint, OpenFile>();
        for (var camera = 0; camera < OpenFiles; camera++)
        {
            var entry = header.Slice(OpenFilesAt + camera * OpenFileLength, OpenFileLength);
            var file = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            var count = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            var start = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
            if (file != None && start != 0 && count <= SegmentPlaces)
                open[file] = new OpenFile(camera, count, start, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
        }

        return open;
    }

    static void AddClosed(BoundedReader reader, long places, ReadOnlySpan<byte> entry, List<HikvisionSegment> segments)
    {
        var camera = BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
        if (camera == None || count is 0 or > SegmentPlaces)
            return; // Never used.

        var block = reader.Peek(places, count * SegmentLength);
        for (var at = 0; at + SegmentLength <= block.Length; at += SegmentLength)
        {
            if (Segment(block[at..], camera) is { HasEnd: true } segment)
                segments.Add(segment);
        }
    }

    static void AddOpen(BoundedReader reader, long places, OpenFile file, List<HikvisionSegment> segments)
    {
        // One place more: a segment that was begun may not be counted yet. It is told from a stale one by having no end.
        var block = reader.Peek(places, Math.Min(SegmentPlaces, file.Count + 1) * SegmentLength);
        for (var i = 0; (i + 1) * SegmentLength <= block.Length; i++)
        {
            if (Segment(block[(i * SegmentLength)..], file.Camera) is not { } segment)
                continue;
            if (segment.HasEnd && i < file.Count)
                segments.Add(segment);
            else if (segment.End == 0 && (i < file.Count || segment.Start + (long)HikvisionSegment.FurthestBack >= file.Start))
                segments.Add(segment with { End = Math.Max(segment.Start, file.End), Bytes = 0, IsOpen = true });
        }
    }

    static HikvisionSegment? Segment(ReadOnlySpan<byte> place, int camera)
    {
        var start = BinaryPrimitives.ReadUInt32LittleEndian(place[8..]);
        var end = BinaryPrimitives.ReadUInt32LittleEndian(place[16..]);
        var bytes = (long)BinaryPrimitives.ReadUInt32LittleEndian(place[44..]) - BinaryPrimitives.ReadUInt32LittleEndian(place[40..]);
        return start == 0 ? null : new HikvisionSegment(camera, start, end, Math.Max(0, bytes), IsOpen: false);
    }

    readonly record struct OpenFile(int Camera, int Count, uint Start, uint End);
}
