using System.Globalization;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>Real files of exact lengths, made by ffmpeg once and copied under many names: a picture every two seconds keeps them small.</summary>
static class MasterFiles
{
    internal static string Of(string kind, int seconds)
    {
        string[] muxer = kind switch
        {
            "mp4" => ["-movflags", "+faststart"],
            "fmp4" => ["-movflags", "+frag_keyframe+empty_moov+default_base_moof", "-f", "mp4"],
            "sidx" => ["-movflags", "+frag_keyframe+empty_moov+default_base_moof+global_sidx", "-f", "mp4"],
            "mkv" => ["-f", "matroska"],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        var length = seconds.ToString(CultureInfo.InvariantCulture);
        return SyntheticFootage.Make($"master-{kind}-{length}.{(kind == "mkv" ? "mkv" : "mp4")}",
        [
            "-f", "lavfi", "-i", $"color=c=gray:size=64x48:rate=1/2:duration={length}", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p",
            "-g", "300", "-bf", "0", .. muxer,
        ]);
    }

    /// <summary>As a recorder leaves its file until it is finished: nothing tells an end.</summary>
    internal static string Unfinished(string kind) => kind == "mkv" ? KilledMkv.Value : UnfinishedMp4.Value;

    static readonly Lazy<string> UnfinishedMp4 = new(() => SyntheticFootage.Cut(
        SyntheticFootage.Make("master-unfinished.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=10", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p"), 2000));

    // Of a Matroska file that has just been opened there is the header and no picture.
    static readonly Lazy<string> KilledMkv = new(() => SyntheticFootage.Cut(Of("mkv", 60), 300));
}
