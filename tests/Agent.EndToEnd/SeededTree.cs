using System.Globalization;
using Agent.Tests;

namespace Agent.EndToEnd;

/// <summary>
/// A tree of recordings with a past, in no time: one real clip of half an hour, a frame every thirty seconds, copied under the names
/// that Frigate gives (UTC, one file a half hour).
/// </summary>
internal static class SeededTree
{
    static readonly TimeSpan ClipLength = TimeSpan.FromMinutes(30);

    /// <summary>Footage of a camera that ends now and begins so long ago, without a hole but for those wanted.</summary>
    /// <param name="root">The folder of recordings.</param>
    /// <param name="camera">Becomes a folder.</param>
    /// <param name="now">Where it ends.</param>
    /// <param name="age">How far back it goes; whole half hours.</param>
    /// <param name="isMissing">Which clips are left out, by how long before now they begin.</param>
    public static void Add(string root, string camera, DateTimeOffset now, TimeSpan age, Func<TimeSpan, bool>? isMissing = null)
    {
        var clip = Clip();
        for (var before = age; before > TimeSpan.Zero; before -= ClipLength)
        {
            if (isMissing?.Invoke(before) == true)
                continue;
            var begin = (now - before).UtcDateTime;
            var folder = Path.Combine(root, begin.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), begin.ToString("HH", CultureInfo.InvariantCulture), camera);
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, begin.ToString("mm'.'ss", CultureInfo.InvariantCulture) + ".mp4");
            File.Copy(clip, file);
            // As a recorder leaves it: a file that was written before its footage ends is no evidence of it.
            File.SetLastWriteTimeUtc(file, begin + ClipLength);
        }
    }

    /// <summary>The clip itself, its index at the end. Never write to it.</summary>
    public static string Clip() => SyntheticFootage.Make("half-hour.mp4",
        "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1/30", "-t", "1800", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");

    /// <summary>The same with its index in front. Never write to it.</summary>
    public static string StreamableClip() => SyntheticFootage.Make("half-hour-streamable.mp4", "-i", Clip(), "-c", "copy", "-movflags", "+faststart");
}
