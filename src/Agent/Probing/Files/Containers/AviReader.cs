using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// AVI, also beyond two gigabytes (OpenDML). Its pictures carry no times, so its length is their number: by the header
/// where the file is whole, counted chunk by chunk where it is torn.
/// </summary>
static class AviReader
{
    const int HopLength = 64;
    const int MostChunks = 90_000;
    const int MostHeaderChunks = 1000;

    internal static bool Recognizes(ReadOnlySpan<byte> head) => head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI "u8);

    internal static ContainerReading Read(BoundedReader reader)
    {
        var header = default(AviHeader);
        var isWhole = true;
        long? movi = null;
        RiffChunk? index = null;
        var hasMore = false;
        for (long at = 0; at < reader.Length;)
        {
            if (!RiffChunk.TryRead(reader, at, reader.Length, out var riff) || riff.Id != RiffChunk.Riff)
            {
                isWhole = false;
                break;
            }

            hasMore |= riff.IsList(RiffChunk.Avix);
            isWhole &= riff.End <= reader.Length;
            if (riff.IsList(RiffChunk.Avi))
                (header, movi, index) = ReadFirst(reader, riff);
            at = riff.Next;
        }

        if (header.Rate == 0 || header.Scale == 0)
            return movi is null
                ? ContainerReading.NoEnd(ContainerFormat.Avi, "no media is written yet")
                : ContainerReading.Unreadable(ContainerFormat.Avi, "no video stream that could be read");
        if (movi is not { } media)
            return ContainerReading.NoEnd(ContainerFormat.Avi, "no media is written yet");

        var frames = new AviFrames(header.Scale, header.Rate);
        if (isWhole && index is { } idx1 && !hasMore && ReadIndex(reader, idx1, header.Stream, frames))
            return Result(ContainerState.Whole, header, frames, Math.Min(header.Length == 0 ? frames.Lasting : header.Length, frames.Lasting));
        if (isWhole && header.Indexes is { } indexes && ReadIndexes(reader, indexes, header.Stream, frames = new AviFrames(header.Scale, header.Rate)))
            return Result(ContainerState.Whole, header, frames, Math.Min(header.Length == 0 ? frames.Lasting : header.Length, frames.Lasting));

        frames = new AviFrames(header.Scale, header.Rate);
        reader.ReadAhead = HopLength;
        Count(reader, media, header.Stream, frames);
        return frames.Lasting == 0
            ? ContainerReading.NoEnd(ContainerFormat.Avi, "no complete picture is written yet")
            : Result(isWhole ? ContainerState.Whole : header.Length > frames.Count ? ContainerState.Truncated : ContainerState.Open, header, frames, frames.Lasting);
    }

    static ContainerReading Result(ContainerState state, AviHeader header, AviFrames frames, ulong count)
    {
        var duration = count > uint.MaxValue ? throw new InvalidDataException("more pictures than any sound recording has")
            : MediaTime.FromUnits(count * header.Scale, header.Rate);
        return new ContainerReading(state, ContainerFormat.Avi, duration, state switch
        {
            ContainerState.Truncated => "the header tells of more than the bytes present",
            ContainerState.Open => "not finalised by its writer",
            _ => null,
        }) with { Holes = frames.Holes.Within(duration) };
    }

    static (AviHeader Header, long? Movi, RiffChunk? Index) ReadFirst(BoundedReader reader, RiffChunk riff)
    {
        var header = default(AviHeader);
        long? movi = null;
        RiffChunk? index = null;
        var at = riff.Body;
        for (var i = 0; i < MostHeaderChunks && RiffChunk.TryRead(reader, at, Math.Min(riff.End, reader.Length), out var chunk); i++)
        {
            if (chunk.IsList(RiffChunk.Hdrl) && chunk.End <= reader.Length)
                header = AviHeader.Read(reader, chunk);
            else if (chunk.IsList(RiffChunk.Movi))
                movi ??= chunk.Body;
            else if (chunk.Id == RiffChunk.Idx1 && chunk.End <= reader.Length)
                index = chunk;
            at = chunk.Next;
        }

        return (header, movi, index);
    }

    /// <summary>The old index: 16 bytes per chunk, their sizes last. False when it is not there in full.</summary>
    static bool ReadIndex(BoundedReader reader, RiffChunk index, int stream, AviFrames frames)
    {
        var entries = new TableCursor(reader, index.Body, index.End, 16);
        for (var entry = entries.Next(); !entry.IsEmpty; entry = entries.Next())
        {
            if (IsPicture(BinaryPrimitives.ReadUInt32LittleEndian(entry), stream))
                frames.Add(BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) == 0);
        }

        return frames.Lasting > 0;
    }

    /// <summary>The index of indexes: each entry leads to one of the stream's own, with eight bytes per picture.</summary>
    static bool ReadIndexes(BoundedReader reader, RiffChunk indexes, int stream, AviFrames frames)
    {
        var head = reader.Peek(indexes.Body, 24);
        if (head.Length < 24 || head[3] != 0 || BinaryPrimitives.ReadUInt16LittleEndian(head) != 4)
            return false;

        var count = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        var cursor = new TableCursor(reader, indexes.Body + 24, Math.Min(indexes.End, indexes.Body + 24 + 16L * count), 16);
        for (var entry = cursor.Next(); !entry.IsEmpty; entry = cursor.Next())
        {
            var offset = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            if (offset > (ulong)reader.Length || !RiffChunk.TryRead(reader, (long)offset, reader.Length, out var chunk) || chunk.End > reader.Length)
                return false;
            var own = reader.Peek(chunk.Body, 24);
            if (own.Length < 24 || own[3] != 1 || !IsPicture(BinaryPrimitives.ReadUInt32LittleEndian(own[8..]), stream))
                return false;
            var pictures = new TableCursor(reader, chunk.Body + 24, Math.Min(chunk.End, chunk.Body + 24 + 8L * BinaryPrimitives.ReadUInt32LittleEndian(own[4..])), 8);
            for (var picture = pictures.Next(); !picture.IsEmpty; picture = pictures.Next())
                frames.Add((BinaryPrimitives.ReadUInt32LittleEndian(picture[4..]) & 0x7FFFFFFF) == 0);
        }

        return frames.Lasting > 0;
    }

    /// <summary>Hops over the media; what lies beyond the file, or beyond so many chunks, does not count.</summary>
    static void Count(BoundedReader reader, long at, int stream, AviFrames frames)
    {
        for (var i = 0; i < MostChunks && RiffChunk.TryRead(reader, at, reader.Length, out var chunk); i++)
        {
            if (chunk.ListType != 0)
            {
                at = chunk.Body; // Groups of chunks, and what follows two gigabytes.
                continue;
            }

            if (chunk.End > reader.Length)
                return;
            if (IsPicture(chunk.Id, stream))
                frames.Add(chunk.End == chunk.Body);
            at = chunk.Next;
        }
    }

    /// <summary>"00dc" or "00db", where the digits are the stream's.</summary>
    static bool IsPicture(uint id, int stream) =>
        (id >> 16) is 0x6364 or 0x6264 && (id & 0xFF) == (uint)('0' + stream / 10) && (id >> 8 & 0xFF) == (uint)('0' + stream % 10);
}
