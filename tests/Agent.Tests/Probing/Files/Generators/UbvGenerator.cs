using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// UniFi Protect's UBV, from what is publicly known of it (the layout of a record as the unifi-protect-remux project
/// describes it). A record, big endian: A0, u16 track, the exclusive or of those three bytes, u16 format, u16 sequence,
/// the moment (8 bytes where bit 2 of the format's first byte is set, else 4), u32 size of the data, the data, zeros up
/// to a multiple of four of the file, u32 back-size = everything of the record before itself. The low four bits of the
/// format's second byte say the clock: 2 is 1000 Hz, 6 is 16 kHz, 12 is 90 kHz. Tracks: 9 opens a partition, DA7E
/// carries the clock (u32 seconds and u32 nanoseconds of UTC, valid at the record's own moment), 7 is H.264, 1000 AAC.
/// A moment of a track is UTC = clock + (moment − moment of the clock record), each over its own rate.
/// </summary>
/// <remarks>
/// Uncertain: how often the clock is repeated (an option here), what the 20 bytes of a partition's opening say (zeros
/// here), whether a stop of the camera begins a new partition (it does here) and what an open file holds behind its
/// last whole record (here: a record without its end, and zeros, because files are laid out in advance).
/// </remarks>
static class UbvGenerator
{
    const int Partition = 9, Video = 7, Sound = 1000, Clock = 0xDA7E;
    const int VideoRate = 90_000, ClockRate = 1000, SoundRate = 16_000;

    internal static byte[] File(IReadOnlyList<TimeRange> truth, UbvShape? shape = null)
    {
        shape ??= new UbvShape();
        var file = new GeneratedBytes();
        var number = 0;
        DateTimeOffset clocked = default;
        foreach (var (at, isKey, isFirst) in GeneratedFrames.Of(truth, shape.PicturesPerSecond))
        {
            if (isFirst)
                Append(file, Partition, 0xFD, 0x0C, 0, 0, new byte[20]);
            if (isFirst || at - clocked >= shape.ClockEvery)
            {
                AppendClock(file, at, shape);
                clocked = at;
            }

            if (shape.HasSound && isKey)
                Append(file, Sound, 0xFD, 0x06, number, Ticks(at, SoundRate, shape), new byte[41]);
            Append(file, Video, isKey ? 0xED : 0xCD, 0x0C, number, Ticks(at, VideoRate, shape), GeneratedFrames.Picture(isKey, shape.PictureBytes + number % 4, number));
            number++;
        }

        if (shape.IsOpen)
            file.Raw(Unfinished(shape, truth[^1].To, number));
        return file.Zeros(shape.ZerosAtEnd).ToArray();
    }

    static void AppendClock(GeneratedBytes file, DateTimeOffset at, UbvShape shape)
    {
        var clock = new GeneratedBytes().U32Big(at.ToUnixTimeSeconds()).U32Big(at.Ticks % TimeSpan.TicksPerSecond * 100).ToArray();
        Append(file, Clock, shape.HasShortClocks ? 0xF9 : 0xFD, 0x02, 0, Ticks(at, ClockRate, shape), clock);
    }

    static byte[] Unfinished(UbvShape shape, DateTimeOffset at, int number)
    {
        var record = new GeneratedBytes();
        Append(record, Video, 0xCD, 0x0C, number, Ticks(at, VideoRate, shape), GeneratedFrames.Picture(isKey: false, shape.PictureBytes, number));
        return record.ToArray()[..(record.Count / 2)];
    }

    // The stream's clock began when the camera was started, at an instant that has nothing to do with UTC.
    internal static long Ticks(DateTimeOffset at, int rate, UbvShape shape) =>
        (long)((Int128)(at - shape.Started).Ticks * rate / TimeSpan.TicksPerSecond);

    static void Append(GeneratedBytes file, int track, int format, int rate, int sequence, long moment, byte[] data)
    {
        var before = file.Count;
        file.U8(0xA0).U16Big(track).U8(0xA0 ^ track >> 8 ^ (track & 0xFF)).U8(format).U8(rate).U16Big(sequence);
        if ((format & 0x04) != 0)
            file.U64Big(moment);
        else
            file.U32Big(moment);
        file.U32Big(data.Length).Raw(data);
        file.Zeros((4 - file.Count % 4) % 4);
        file.U32Big(file.Count - before);
    }
}
