using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// Hikvision's MPEG program stream (hivNNNNN.mp4): ISO/IEC 13818-1 packs, one picture each, with the system clock
/// reference on 33 bits of 90 kHz. Before each key picture a program stream map whose descriptor 40 holds the company's
/// mark <c>HK</c> and the recorder's local clock: year−2000 on 8 bits, month 4, day 5, hour 5, minute 6, second 6. An
/// <c>IMKH</c> head of 40 bytes may come first; the file may be laid out in advance, and what lies behind the newest
/// footage is the footage that was there before.
/// </summary>
/// <remarks>
/// Uncertain: what the rest of the head says (zeros here), whether the map is repeated at every key picture, the six
/// bits behind the seconds (zero here), and whether the clock reference starts anew with a recording (it runs on here
/// over a hole, as the recorder's clock does).
/// </remarks>
static class HikvisionProgramStream
{
    const long ClockMask = (1L << 33) - 1;
    const int ClockRate = 90_000;

    /// <param name="truth">When there are pictures, in order.</param>
    /// <param name="zone">The zone of the recorder's clock, as its maps state it.</param>
    internal static byte[] File(IReadOnlyList<TimeRange> truth, TimeZoneInfo zone, HikvisionStreamShape? shape = null)
    {
        shape ??= new HikvisionStreamShape();
        var file = new GeneratedBytes();
        if (shape.HasHead)
            file.Text("IMKH").U8(1).U8(1).U16Little(2).U16Little(1).Zeros(30);
        Append(file, truth, zone, shape, shape.FirstClock);
        if (shape.EndsProgram)
            file.U32Big(0x1B9);
        if (shape.Length <= file.Count)
            return file.ToArray();

        // The space behind holds what the file held before it was taken again: it begins in the middle of a pack.
        var before = new GeneratedBytes();
        if (shape.Before.Count > 0)
            Append(before, shape.Before, zone, shape, shape.FirstClock + 7_777_777);
        var length = shape.Length - file.Count;
        var rest = before.Count == 0 ? [] : before.ToArray()[Math.Min(before.Count, 37)..];
        return [.. file.ToArray(), .. rest.AsSpan(0, Math.Min(rest.Length, length)), .. new byte[Math.Max(0, length - rest.Length)]];
    }

    static void Append(GeneratedBytes file, IReadOnlyList<TimeRange> truth, TimeZoneInfo zone, HikvisionStreamShape shape, long firstClock)
    {
        var number = 0L;
        foreach (var (at, isKey, _) in GeneratedFrames.Of(truth, shape.PicturesPerSecond))
        {
            var clock = firstClock + (at - truth[0].From).Ticks * ClockRate / TimeSpan.TicksPerSecond & ClockMask;
            AppendPack(file, clock);
            if (isKey && shape.HasMaps)
                AppendMap(file, TimeZoneInfo.ConvertTime(at, zone).DateTime);
            AppendPicture(file, clock, GeneratedFrames.Picture(isKey, shape.PictureBytes, number++));
        }
    }

    static void AppendPack(GeneratedBytes file, long clock)
    {
        file.U32Big(0x1BA);
        file.Raw(Bits([(1, 2), (clock >> 30, 3), (1, 1), (clock >> 15 & 0x7FFF, 15), (1, 1), (clock & 0x7FFF, 15), (1, 1), (0, 9), (1, 1), (25_000, 22), (3, 2), (0x1F, 5), (0, 3)]));
    }

    static void AppendMap(GeneratedBytes file, DateTime local)
    {
        var clock = Bits([(local.Year - 2000, 8), (local.Month, 4), (local.Day, 5), (local.Hour, 5), (local.Minute, 6), (local.Second, 6), (0, 6)]);
        var descriptor = new GeneratedBytes().U8(0x40).U8(14).Text("HK").U16Big(1).Raw(clock).Zeros(1).U8(0xFF).U8(0xFF).U8(0xFF).U8(0xFF).ToArray();
        var streams = new GeneratedBytes().U8(0x1B).U8(0xE0).U16Big(0).ToArray();
        var body = new GeneratedBytes().U8(0xE1).U8(0xFF).U16Big(descriptor.Length).Raw(descriptor).U16Big(streams.Length).Raw(streams).ToArray();
        var map = new GeneratedBytes().U32Big(0x1BC).U16Big(body.Length + 4).Raw(body).ToArray();
        file.Raw(map).U32Big(Checksum(map));
    }

    static void AppendPicture(GeneratedBytes file, long clock, byte[] picture)
    {
        var stamp = Bits([(2, 4), (clock >> 30, 3), (1, 1), (clock >> 15 & 0x7FFF, 15), (1, 1), (clock & 0x7FFF, 15), (1, 1)]);
        file.U32Big(0x1E0).U16Big(3 + stamp.Length + picture.Length).U8(0x80).U8(0x80).U8(stamp.Length).Raw(stamp).Raw(picture);
    }

    // The CRC of 13818-1, annex A: polynomial 04C11DB7, begun with ones, not reflected.
    static uint Checksum(byte[] bytes)
    {
        var register = uint.MaxValue;
        foreach (var value in bytes)
        {
            register ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
                register = (register & 0x80000000) != 0 ? register << 1 ^ 0x04C11DB7 : register << 1;
        }

        return register;
    }

    static byte[] Bits((long Value, int Count)[] fields)
    {
        var bits = fields.SelectMany(f => Enumerable.Range(1, f.Count).Select(i => (int)(f.Value >> (f.Count - i) & 1))).ToArray();
        return [.. bits.Chunk(8).Select(eight => (byte)eight.Aggregate(0, (sum, bit) => sum << 1 | bit))];
    }
}
