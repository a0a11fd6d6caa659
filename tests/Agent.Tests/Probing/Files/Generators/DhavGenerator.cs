using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// Dahua's DHAV container, from the facts in FFmpeg's demuxer (libavformat/dhav.c, as described, not as code).
/// A frame: <c>DHAV</c>, type (FD key picture, FC other picture, F0 sound, F1 other data), subtype, channel, number
/// within the frame, u32 frame number, u32 length of the whole frame, u32 date, u16 milliseconds, u8 length of the
/// extensions, u8 checksum, extensions, payload, and the trailer <c>dhav</c> + the same length. All little endian. The
/// date packs second 6, minute 6, hour 5, day 5, month 4 and year-2000 6 bits from the lowest bit up, in the recorder's
/// local time. A <c>DAHUA</c> head of 0x400 bytes may come first. Extensions: 82 width and height, 81 codec (2 is
/// H.264) and pictures per second, 83 sound.
/// </summary>
/// <remarks>
/// Uncertain: the milliseconds. The demuxer adds up their differences and expects them to wrap at 65535, so they are
/// written as a counter that runs on, not as the part of the second; a reader that takes the latter is wrong by less
/// than a second for values under 1000 only. Also uncertain: the checksum (written as the sum of the 23 bytes before
/// it), the content of the DAHUA head, and what a recorder leaves of the last frame when its power fails (here: the
/// frame is cut, and its trailer missing).
/// </remarks>
static class DhavGenerator
{
    const int HeadLength = 0x400;

    /// <param name="truth">When there are pictures, in order. A hole between two ranges is a jump of the dates.</param>
    /// <param name="zone">The zone of the recorder's clock.</param>
    internal static byte[] File(IReadOnlyList<TimeRange> truth, TimeZoneInfo zone, DhavShape? shape = null)
    {
        shape ??= new DhavShape();
        var file = new GeneratedBytes();
        if (shape.HasHead)
            file.Text("DAHUA").Zeros(HeadLength - 5);
        for (var i = 0; i < shape.GarbageBytes; i++)
            file.U8(0x30 + i % 10);

        var number = 0;
        foreach (var (at, isKey, _) in GeneratedFrames.Of(truth, shape.PicturesPerSecond))
        {
            if (shape.HasSound && isKey)
                Append(file, 0xF0, at, number, zone, shape, Sound, new byte[160]);
            Append(file, isKey ? 0xFD : 0xFC, at, number, zone, shape, isKey ? PictureSize(shape) : [], GeneratedFrames.Picture(isKey, shape.PictureBytes, number));
            number++;
        }

        return file.ToArray()[..^shape.CutFromTail];
    }

    /// <summary>The date as a frame states it.</summary>
    internal static uint Date(DateTime local) =>
        (uint)(local.Second | local.Minute << 6 | local.Hour << 12 | local.Day << 17 | local.Month << 22 | (local.Year - 2000) << 26);

    // G.711 A-law, one channel, 8000 samples a second.
    static byte[] Sound => [0x83, 1, 0x0E, 2];

    static byte[] PictureSize(DhavShape shape) =>
        new GeneratedBytes().U8(0x82).Zeros(3).U16Little(704).U16Little(576).U8(0x81).U8(0).U8(2).U8(shape.PicturesPerSecond).ToArray();

    static void Append(GeneratedBytes file, int type, DateTimeOffset at, int number, TimeZoneInfo zone, DhavShape shape, byte[] extensions, byte[] payload)
    {
        var length = 24 + extensions.Length + payload.Length + 8;
        var head = new GeneratedBytes().Text("DHAV").U8(type).U8(0).U8(shape.Channel).U8(0).U32Little(number).U32Little(length)
            .U32Little(Date(TimeZoneInfo.ConvertTime(at, zone).DateTime)).U16Little((int)(at.ToUnixTimeMilliseconds() % 0xFFFF)).U8(extensions.Length).ToArray();
        file.Raw(head).U8(head.Sum(b => b)).Raw(extensions).Raw(payload);
        if (shape.HasTrailers)
            file.Text("dhav").U32Little(length);
        else
            file.Zeros(8);
    }
}
