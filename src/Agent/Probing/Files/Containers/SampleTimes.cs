using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>
/// What the decoding times of an MP4's track (stts, ISO/IEC 14496-12 clause 8.6.1.2) say of pauses in it. The table of an
/// ordinary file lies in the bytes that were read for the header. The offsets of presentation times (ctts) are ignored on
/// purpose: they reorder pictures within a fraction of a second and would cost another table.
/// </summary>
/// <param name="Duration">Of all samples, in units of the track.</param>
readonly record struct SampleTimes(ulong Duration, MediaHoles Holes)
{
    const int EntryLength = 8;
    const int EntriesAtOnce = 8192;

    /// <summary>Null when there is no such table, or it is damaged: then it says nothing.</summary>
    internal static SampleTimes? Read(BoundedReader reader, Mp4Track track)
    {
        if (track.SampleTable?.FindChild(reader, BoxTypes.Stts) is not { } stts)
            return null;
        var head = reader.Peek(stts.Body, 8);
        if (head.Length < 8)
            return null;

        long left = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        if (left == 0 || left > (stts.BodyLength - 8) / EntryLength)
            return null;

        var holes = new MediaHoles(track.TimeScale);
        ulong time = 0;
        for (var at = stts.Body + 8; left > 0;)
        {
            var block = reader.Peek(at, (int)Math.Min(left, EntriesAtOnce) * EntryLength);
            var entries = block.Length / EntryLength;
            if (entries == 0)
                return null;

            for (var i = 0; i < entries; i++)
            {
                ulong count = BinaryPrimitives.ReadUInt32BigEndian(block[(i * EntryLength)..]);
                ulong step = BinaryPrimitives.ReadUInt32BigEndian(block[(i * EntryLength + 4)..]);
                if (step > int.MaxValue)
                    continue; // Some writers store a small negative step here.
                holes.Steps(time, step, count);
                time += count * step;
                if (time > long.MaxValue / 2)
                    throw new InvalidDataException("the time stamps span more than a year");
            }

            at += (long)entries * EntryLength;
            left -= entries;
        }

        return new SampleTimes(time, holes);
    }
}
