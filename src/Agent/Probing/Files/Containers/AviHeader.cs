using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>The first video stream of an AVI.</summary>
/// <param name="Stream">Its number.</param>
/// <param name="Scale">One picture lasts Scale ÷ Rate seconds.</param>
/// <param name="Length">Pictures; zero where the writer did not come back to fill it in.</param>
/// <param name="Indexes">Its index of indexes (OpenDML), where it has one.</param>
readonly record struct AviHeader(int Stream, uint Scale, uint Rate, uint Length, RiffChunk? Indexes)
{
    const int MostStreams = 100;

    internal static AviHeader Read(BoundedReader reader, RiffChunk hdrl)
    {
        var streams = 0;
        for (var at = hdrl.Body; streams < MostStreams && RiffChunk.TryRead(reader, at, hdrl.End, out var chunk) && chunk.End <= hdrl.End; at = chunk.Next)
        {
            if (!chunk.IsList(RiffChunk.Strl))
                continue;
            if (ReadStream(reader, chunk, streams) is { } video)
                return video;
            streams++;
        }

        return default;
    }

    static AviHeader? ReadStream(BoundedReader reader, RiffChunk strl, int number)
    {
        AviHeader? header = null;
        for (var at = strl.Body; RiffChunk.TryRead(reader, at, strl.End, out var chunk) && chunk.End <= strl.End; at = chunk.Next)
        {
            if (chunk.Id == RiffChunk.Indx && header is { } known)
                header = known with { Indexes = chunk };
            if (chunk.Id != RiffChunk.Strh)
                continue;
            var body = reader.Peek(chunk.Body, 36);
            if (body.Length < 36 || BinaryPrimitives.ReadUInt32LittleEndian(body) != RiffChunk.Vids)
                return null;
            header = new AviHeader(
                number,
                BinaryPrimitives.ReadUInt32LittleEndian(body[20..]),
                BinaryPrimitives.ReadUInt32LittleEndian(body[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(body[32..]),
                null);
        }

        return header;
    }
}
