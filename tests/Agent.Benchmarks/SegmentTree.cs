using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>A tree of small real segments as Frigate lays them out: eight cameras, ten seconds each, no two of them the same file.</summary>
internal static class SegmentTree
{
    const int Cameras = 8;
    const int SecondsEach = 10;
    static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Builds so many of them, each last written when it ended.</summary>
    public static void Build(string root, int files)
    {
        var segment = File.ReadAllBytes(Segment(root));
        var (start, made) = (Beginning, 0);
        while (made < files)
        {
            for (var camera = 1; camera <= Cameras && made < files; camera++)
            {
                var folder = Directory.CreateDirectory(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{start:yyyy-MM-dd}/{start:HH}/camera_{camera}"))).FullName;
                for (var at = start; at < start.AddHours(1) && made < files; at = at.AddSeconds(SecondsEach), made++)
                {
                    var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{at:mm}.{at:ss}.mp4"));
                    File.WriteAllBytes(path, segment);
                    File.SetLastWriteTimeUtc(path, at.AddSeconds(SecondsEach));
                }
            }

            start = start.AddHours(1);
        }
    }

    static string Segment(string root)
    {
        var path = $"{root}.mp4";
        Run.Of("ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=2:duration=10", "-c:v", "libx264", "-preset", "ultrafast",
            "-qp", "30", "-pix_fmt", "yuv420p", "-threads", "1", "-movflags", "+faststart", path);
        return path;
    }
}
