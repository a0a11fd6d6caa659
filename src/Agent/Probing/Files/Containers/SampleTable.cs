using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// The sample tables of one track (ISO/IEC 14496-12 clause 8.6 and 8.7), walked in step from the first sample to the
/// first whose bytes are not all there. Four cursors, no arrays: the counts in the headers are anyone's to write.
/// </summary>
sealed class SampleTable
{
    const int MostSamples = 10_000_000;

    readonly TableCursor chunkOffsets;
    readonly bool offsetsAre64Bit;
    readonly TableCursor chunkRuns;
    readonly TableCursor? sizes;
    readonly uint equalSize;
    readonly uint sampleCount;
    readonly TableCursor times;

    uint samplesPerChunk;
    (uint FirstChunk, uint SamplesPerChunk)? nextRun;
    uint timesLeft;
    uint sampleDuration;
    ulong lastDuration;
    ulong shortestDuration = ulong.MaxValue;

    SampleTable(BoundedReader reader, Box offsets, Box runs, Box sizes, Box times)
    {
        offsetsAre64Bit = offsets.Type == BoxTypes.Co64;
        chunkOffsets = Entries(reader, offsets, offsetsAre64Bit ? 8 : 4);
        chunkRuns = Entries(reader, runs, 12);
        this.times = Entries(reader, times, 8);

        var head = reader.Peek(sizes.Body, 12);
        if (head.Length < 12)
            throw new InvalidDataException("the sample sizes are missing");
        equalSize = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        sampleCount = BinaryPrimitives.ReadUInt32BigEndian(head[8..]);
        if (equalSize == 0)
            this.sizes = new TableCursor(reader, sizes.Body + 12, TableEnd(sizes.Body + 12, sampleCount, 4, sizes.End), 4);
    }

    /// <summary>Null when a table that is needed is missing.</summary>
    internal static SampleTable? Open(BoundedReader reader, Box stbl)
    {
        Box? offsets = null, runs = null, sizes = null, times = null;
        for (var at = stbl.Body; stbl.TryReadChild(reader, at, out var child); at = child.End)
        {
            switch (child.Type)
            {
                case BoxTypes.Stco or BoxTypes.Co64:
                    offsets = child;
                    break;
                case BoxTypes.Stsc:
                    runs = child;
                    break;
                case BoxTypes.Stsz:
                    sizes = child;
                    break;
                case BoxTypes.Stts:
                    times = child;
                    break;
                default:
                    break;
            }
        }

        return offsets is { } o && runs is { } r && sizes is { } s && times is { } t ? new SampleTable(reader, o, r, s, t) : null;
    }

    /// <summary>How long the samples last that stand wholly below a length, and whether that is all of them.</summary>
    internal (ulong Duration, bool IsAll) Measure(long length)
    {
        ulong duration = 0;
        uint sample = 0;
        nextRun = ReadRun();
        for (uint chunk = 1; sample < sampleCount; chunk++)
        {
            if (!TryReadOffset(out var offset))
                return (UpToLast(duration), false);

            while (nextRun is { } run && run.FirstChunk <= chunk)
            {
                samplesPerChunk = run.SamplesPerChunk;
                nextRun = ReadRun();
            }

            for (uint inChunk = 0; inChunk < samplesPerChunk && sample < sampleCount; inChunk++, sample++)
            {
                if (sample >= MostSamples)
                    throw new InvalidDataException("too much work: more samples than any sound recording has");
                if (!TryReadSize(out var size) || offset > (ulong)length || size > (ulong)length - offset)
                    return (UpToLast(duration), false);

                offset += size;
                lastDuration = ReadDuration();
                shortestDuration = lastDuration == 0 ? shortestDuration : Math.Min(shortestDuration, lastDuration);
                duration += lastDuration;
            }
        }

        return (duration, true);
    }

    /// <summary>The last sample before missing ones lasts no longer than the shortest: what it would last until is not there.</summary>
    ulong UpToLast(ulong duration) => duration - lastDuration + Math.Min(lastDuration, shortestDuration);

    bool TryReadOffset(out ulong offset)
    {
        var entry = chunkOffsets.Next();
        offset = entry.Length switch
        {
            8 => BinaryPrimitives.ReadUInt64BigEndian(entry),
            4 => BinaryPrimitives.ReadUInt32BigEndian(entry),
            _ => 0,
        };
        return !entry.IsEmpty;
    }

    (uint FirstChunk, uint SamplesPerChunk)? ReadRun()
    {
        var entry = chunkRuns.Next();
        return entry.IsEmpty
            ? null
            : (BinaryPrimitives.ReadUInt32BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[4..]));
    }

    bool TryReadSize(out uint size)
    {
        size = equalSize;
        if (sizes is null)
            return true;

        var entry = sizes.Next();
        if (entry.IsEmpty)
            return false;
        size = BinaryPrimitives.ReadUInt32BigEndian(entry);
        return true;
    }

    uint ReadDuration()
    {
        while (timesLeft == 0)
        {
            var entry = times.Next();
            if (entry.IsEmpty)
                return 0;
            timesLeft = BinaryPrimitives.ReadUInt32BigEndian(entry);
            sampleDuration = BinaryPrimitives.ReadUInt32BigEndian(entry[4..]);
        }

        timesLeft--;
        return sampleDuration > int.MaxValue ? 0 : sampleDuration; // Some writers store a small negative step here.
    }

    static TableCursor Entries(BoundedReader reader, Box box, int entryLength)
    {
        var head = reader.Peek(box.Body, 8);
        var count = head.Length < 8 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        return new TableCursor(reader, box.Body + 8, TableEnd(box.Body + 8, count, entryLength, box.End), entryLength);
    }

    static long TableEnd(long start, uint count, int entryLength, long boxEnd) => Math.Min(boxEnd, start + (long)count * entryLength);
}
