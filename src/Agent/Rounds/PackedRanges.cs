using Agent.Evidence.Timelines;

namespace Agent.Rounds;

/// <summary>Ranges as a store keeps them: whole milliseconds, each number as the difference to the one before. A year of one run takes ten bytes.</summary>
static class PackedRanges
{
    public static byte[] Pack(RangeSet ranges)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var before = 0L;
        foreach (var range in ranges)
        {
            foreach (var edge in (long[])[range.From.ToUnixTimeMilliseconds(), range.To.ToUnixTimeMilliseconds()])
            {
                writer.Write7BitEncodedInt64(edge - before);
                before = edge;
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <exception cref="FormatException">It was not packed so.</exception>
    public static RangeSet Unpack(byte[] packed)
    {
        using var reader = new BinaryReader(new MemoryStream(packed));
        var ranges = new List<TimeRange>();
        var at = 0L;
        try
        {
            while (reader.BaseStream.Position < packed.Length)
            {
                var from = at += reader.Read7BitEncodedInt64();
                at += reader.Read7BitEncodedInt64();
                ranges.Add(new TimeRange(DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(at)));
            }
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException)
        {
            throw new FormatException("The ranges are damaged.", e);
        }

        return RangeSet.Of(ranges);
    }
}
