using System.Globalization;

namespace FakeRecorder.Rtsp;

/// <summary>The pictures of a camera, from an instant on.</summary>
/// <param name="script">How they are recorded and sent.</param>
sealed class Pictures(RtspScript script)
{
    /// <param name="frames">Value of the header Frames; null for every picture.</param>
    public IEnumerable<Picture> From(string camera, DateTimeOffset from, string? frames)
    {
        var (intraOnly, distance) = (frames?.StartsWith("intra", StringComparison.Ordinal) == true, Distance(frames));
        DateTimeOffset? sent = null;
        foreach (var piece in script.Footage(camera).Where(piece => piece.To > from))
            foreach (var picture in Ordered(piece, Begin(piece.From, from)))
            {
                if (intraOnly && (!picture.IsKey || picture.Time - sent < distance))
                    continue;
                sent = picture.Time;
                yield return picture;
            }
    }

    long Begin(DateTimeOffset start, DateTimeOffset from)
    {
        if (from <= start)
            return 0;
        var (index, keys) = ((long)Math.Ceiling((from - start).TotalSeconds * script.PicturesPerSecond), PicturesBetweenKeys);
        return script.Begins switch
        {
            KeyChoice.Before => index / keys * keys,
            KeyChoice.After => (index + keys - 1) / keys * keys,
            _ => index,
        };
    }

    IEnumerable<Picture> Ordered((DateTimeOffset From, DateTimeOffset To) piece, long begin)
    {
        var count = (long)Math.Floor((piece.To - piece.From).TotalSeconds * script.PicturesPerSecond) + 1;
        for (var at = begin; at < count; at++)
        {
            // Decoding order I P B P B: every second picture is sent before the one it follows.
            var index = at;
            if (script.Reorders && at % PicturesBetweenKeys is var place && place > 0)
                index = place % 2 == 1 && place + 1 < PicturesBetweenKeys && at + 1 < count ? at + 1 : place % 2 == 0 ? at - 1 : at;
            yield return new Picture(piece.From.AddSeconds(index / (double)script.PicturesPerSecond), index % PicturesBetweenKeys == 0, index == 0, at == count - 1);
        }
    }

    long PicturesBetweenKeys => (long)(script.KeyDistance.TotalSeconds * script.PicturesPerSecond);

    static TimeSpan Distance(string? frames) => frames?.Split('/') is [_, var milliseconds]
        ? TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture))
        : TimeSpan.Zero;
}
