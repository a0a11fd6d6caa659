using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// The pictures of a made-up recording. A range of truth is filled with pictures from its first instant on; the last
/// one begins one picture's length before the range ends. So a reader that takes the time of the last picture for the
/// end is short of the truth by that much.
/// </summary>
static class GeneratedFrames
{
    /// <summary>The instants at which pictures begin, range by range.</summary>
    internal static IEnumerable<(DateTimeOffset At, bool IsKey, bool IsFirstOfRange)> Of(IEnumerable<TimeRange> truth, int perSecond)
    {
        foreach (var range in truth)
        {
            var number = 0L;
            for (var at = range.From; at < range.To; at = range.From.AddTicks(TimeSpan.TicksPerSecond * ++number / perSecond))
                yield return (at, number % (2 * perSecond) == 0, number == 0);
        }
    }

    /// <summary>
    /// What stands for an H.264 picture: access unit delimiter, then a slice of filler. The delimiter is what a parser
    /// cuts a stream into pictures by; nothing can be decoded from it.
    /// </summary>
    internal static byte[] Picture(bool isKey, int bytes, long number)
    {
        var picture = new byte[Math.Max(bytes, 16)];
        byte[] head = [0, 0, 0, 1, 9, (byte)(isKey ? 0x10 : 0x30), 0, 0, 0, 1, (byte)(isKey ? 0x65 : 0x41)];
        head.CopyTo(picture, 0);

        // Never a zero and never one of the letters of a frame's mark, so that filler is not taken for structure.
        for (var i = head.Length; i < picture.Length; i++)
            picture[i] = (byte)(0x80 | ((i * 7 + number) & 0x3F));
        return picture;
    }
}
