namespace Agent.Tests.Probing.Files.Containers;

/// <summary>The recordings the readers are held against, as ffmpeg arguments by file name.</summary>
static class Recipes
{
    static readonly string[] X264 = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-g", "25", "-pix_fmt", "yuv420p"];
    static readonly string[] X265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:keyint=25"];
    static readonly string[] Aac = ["-c:a", "aac", "-b:a", "48k"];

    internal static readonly IReadOnlyDictionary<string, string[]> Mp4 = new Dictionary<string, string[]>
    {
        ["faststart.mp4"] = [.. Video("25"), .. X264, "-movflags", "+faststart"],
        ["moov-at-end.mp4"] = [.. Video("25"), .. X264],
        ["faststart-sound.mp4"] = [.. Video("25"), .. Sound(6), .. X264, .. Aac, "-movflags", "+faststart"],
        ["sound-first.mp4"] = [.. Video("25"), .. Sound(6), "-map", "1:a", "-map", "0:v", .. X264, .. Aac, "-movflags", "+faststart"],
        ["sound-runs-on.mp4"] = [.. Video("25"), .. Sound(9), .. X264, .. Aac, "-movflags", "+faststart"],
        ["ntsc-b-frames.mp4"] = [.. Video("30000/1001"), .. X264, "-bf", "3", "-movflags", "+faststart"],
        ["five-per-second.mp4"] = [.. Video("5"), .. X264, "-movflags", "+faststart"],
        ["uneven.mp4"] = [.. Video("25"), "-vf", "select='not(mod(n,7))+lt(mod(n,11),4)'", "-vsync", "vfr", .. X264, "-bf", "0", "-movflags", "+faststart"],
        ["hevc.mp4"] = [.. Video("15"), .. X265, "-tag:v", "hvc1", "-movflags", "+faststart"],
        ["mpeg4.mov"] = [.. Video("12"), "-c:v", "mpeg4"],
    };

    internal static readonly IReadOnlyDictionary<string, string[]> FragmentedMp4 = new Dictionary<string, string[]>
    {
        ["fragments.mp4"] = [.. Video("25"), .. X264, "-movflags", "frag_keyframe+empty_moov"],
        ["fragments-moof-base.mp4"] = [.. Video("25"), .. X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
        ["fragments-sound.mp4"] = [.. Video("25"), .. Sound(6), .. X264, .. Aac, "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
        ["fragments-long-gop.mp4"] = [.. Video("25"), .. Sound(6), .. X264, "-g", "75", "-bf", "2", .. Aac, "-movflags", "frag_keyframe+empty_moov"],
        ["fragments-behind-samples.mp4"] = [.. Video("25"), .. X264, "-movflags", "frag_keyframe"],
        ["fragments-dash.mp4"] = [.. Video("25"), .. X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof+dash"],
        ["fragments-global-sidx.mp4"] = [.. Video("25"), .. X264, "-movflags", "frag_keyframe+empty_moov+default_base_moof+dash+global_sidx"],
        ["fragments-many.mp4"] = [.. Video("25"), .. X264, "-movflags", "empty_moov+default_base_moof", "-frag_duration", "120000"],
        ["fragments-many-no-index.mp4"] = [.. Video("30000/1001"), .. X264, "-movflags", "empty_moov+default_base_moof+skip_trailer", "-frag_duration", "200000"],
        ["fragments-sound-runs-on.mp4"] = [.. Video("25"), .. Sound(9), .. X264, .. Aac, "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
    };

    internal static readonly IReadOnlyDictionary<string, string[]> MpegTs = new Dictionary<string, string[]>
    {
        ["h264.ts"] = [.. Video("25"), .. X264],
        ["h264-sound.ts"] = [.. Video("25"), .. Sound(6), .. X264, .. Aac],
        ["ntsc-b-frames.ts"] = [.. Video("30000/1001"), .. X264, "-bf", "3"],
        ["mpeg2.ts"] = [.. Video("25"), "-c:v", "mpeg2video", "-b:v", "800k"],
        ["hevc.ts"] = [.. Video("15"), .. X265],
        ["five-per-second.ts"] = [.. Video("5"), .. X264],
        ["timed.m2ts"] = [.. Video("25"), .. X264, "-f", "mpegts", "-mpegts_m2ts_mode", "1"],
        ["clock-wraps.ts"] = [.. Video("25"), .. X264, "-output_ts_offset", "95440"],
        ["large-mpeg2.ts"] = [.. Video("25", size: "640x480"), "-c:v", "mpeg2video", "-qscale:v", "1", "-bf", "2"],
    };

    internal static readonly IReadOnlyDictionary<string, string[]> Matroska = new Dictionary<string, string[]>
    {
        ["h264.mkv"] = [.. Video("25"), .. X264],
        ["h264-sound.mkv"] = [.. Video("25"), .. Sound(6), .. X264, .. Aac],
        ["sound-runs-on.mkv"] = [.. Video("25"), .. Sound(9), .. X264, .. Aac],
        ["ntsc-b-frames.mkv"] = [.. Video("30000/1001"), .. X264, "-bf", "3"],
        ["vp8.webm"] = [.. Video("25"), "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"],
        ["five-per-second.mkv"] = [.. Video("5"), .. X264],
        ["many-clusters.mkv"] = [.. Video("25"), .. X264, "-cluster_time_limit", "400"],
        ["starts-late.mkv"] = [.. Video("25"), .. X264, "-output_ts_offset", "20"],
        ["live.mkv"] = [.. Video("25"), .. Sound(6), .. X264, .. Aac, "-live", "1", "-f", "matroska"],
    };

    internal static string Make(string name) =>
        SyntheticFootage.Make(name, Mp4.GetValueOrDefault(name) ?? FragmentedMp4.GetValueOrDefault(name)
            ?? MpegTs.GetValueOrDefault(name) ?? Matroska[name]);

    static string[] Video(string rate, string size = "160x120") => ["-f", "lavfi", "-i", $"testsrc=size={size}:rate={rate}:duration=6"];

    static string[] Sound(int seconds) => ["-f", "lavfi", "-i", $"sine=frequency=440:duration={seconds}"];
}
