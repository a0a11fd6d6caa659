namespace Agent.Tests.Probing.Files.Containers;

/// <summary>
/// Some hundred small recordings: every codec at every rate is encoded once, and put into every container it fits from
/// there by one further run of ffmpeg.
/// </summary>
static class Corpus
{
    static readonly Dictionary<string, string[]> Codecs = new()
    {
        ["h264"] = ["-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-g", "25", "-pix_fmt", "yuv420p"],
        ["h264b"] = ["-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-g", "25", "-bf", "2", "-pix_fmt", "yuv420p"],
        ["hevc"] = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:keyint=25", "-tag:v", "hvc1"],
        ["mpeg4"] = ["-c:v", "mpeg4", "-qscale:v", "8"],
        ["mjpeg"] = ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"],
        ["mpeg2"] = ["-c:v", "mpeg2video", "-qscale:v", "8"],
        ["vp8"] = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-threads", "1", "-g", "25"],
        ["vp9"] = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-threads", "1", "-g", "25"],
    };

    /// <summary>Of the pictures that are made, and what is done with them.</summary>
    static readonly Dictionary<string, (string Rate, string[] Filter)> Rates = new()
    {
        ["5"] = ("5", []), ["12.5"] = ("25/2", []), ["25"] = ("25", []), ["ntsc"] = ("30000/1001", []),
        ["vfr"] = ("50", ["-vf", "select='not(mod(n,5))+lt(mod(n,11),4)'", "-vsync", "vfr"]),
    };

    static readonly Dictionary<string, string[]> Mp4 = new()
    {
        ["fast.mp4"] = ["-movflags", "+faststart"],
        ["end.mp4"] = [],
        ["silent.mp4"] = ["-an", "-movflags", "+faststart"],
        ["fragments.mp4"] = ["-movflags", "frag_keyframe+empty_moov"],
        ["base.mp4"] = ["-an", "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
        ["dash.mp4"] = ["-an", "-movflags", "frag_keyframe+empty_moov+default_base_moof+dash+global_sidx"],
        ["timed.mp4"] = ["-movflags", "empty_moov+default_base_moof", "-frag_duration", "300000"],
    };

    static readonly Dictionary<string, string[]> Matroska = new()
    {
        ["whole.mkv"] = [], ["silent.mkv"] = ["-an"], ["clusters.mkv"] = ["-cluster_time_limit", "400"], ["live.mkv"] = ["-live", "1", "-f", "matroska"],
    };

    static readonly Dictionary<string, string[]> Streams = new()
    {
        ["sound.ts"] = [], ["silent.ts"] = ["-an"], ["timed.m2ts"] = ["-f", "mpegts", "-mpegts_m2ts_mode", "1"],
    };

    static readonly Lazy<IReadOnlyList<string>> Made = new(Make);

    /// <summary>The names of all of them; nothing is made for that.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Bases().SelectMany(b => Containers(b.Codec, b.Rate).Keys.Select(c => $"{b.Codec}-{b.Rate}-{c}")), .. ProgramStreams.Keys];

    /// <summary>Their paths.</summary>
    internal static IReadOnlyList<string> Files => Made.Value;

    /// <summary>Pictures of more than a pack of a program stream, as cameras make them: each then carries its own time.</summary>
    static Dictionary<string, string[]> ProgramStreams => new()
    {
        ["mpeg2.vob"] = ["-r", "25", "-c:v", "mpeg2video", "-qscale:v", "2", "-bf", "0", "-f", "vob"],
        ["mpeg2b.vob"] = ["-r", "30000/1001", "-c:v", "mpeg2video", "-qscale:v", "2", "-bf", "2", "-f", "vob"],
        ["h264.vob"] = ["-r", "12.5", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-g", "25", "-f", "vob"],
        ["hevc.vob"] = ["-r", "25", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:qp=10", "-f", "vob"],
        ["mpeg1.mpg"] = ["-r", "25", "-c:v", "mpeg1video", "-qscale:v", "2", "-bf", "0", "-f", "mpeg"],
        ["sound.vob"] = ["-r", "25", "-c:v", "mpeg2video", "-qscale:v", "2", "-bf", "0", "-c:a", "mp2", "-f", "vob"],
    };

    static List<string> Make()
    {
        var jobs = Bases().Select(b => (Action)(() => MakeBase(b.Codec, b.Rate))).Append(MakeProgramStreams);
        Parallel.ForEach(jobs, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount) }, job => job());
        return [.. Names.Select(SyntheticFootage.PathOf)];
    }

    static IEnumerable<(string Codec, string Rate)> Bases() =>
        from codec in Codecs.Keys
        from rate in Rates.Keys
        where codec != "mpeg2" || rate is "25" or "ntsc" // It knows no other rates.
        select (codec, rate);

    static Dictionary<string, string[]> Containers(string codec, string rate)
    {
        var containers = new Dictionary<string, string[]>(Matroska);
        if (codec != "vp8")
            AddTo(containers, Mp4);
        if (codec is "h264" or "h264b" or "hevc" or "mpeg2" or "mpeg4")
            AddTo(containers, Streams);
        if (codec == "mpeg4")
            containers.Remove("timed.m2ts"); // Which has no number for it.
        if (codec is "h264" or "mpeg4" or "mjpeg" or "mpeg2" && rate != "vfr")
            containers["silent.avi"] = ["-an"];
        return containers;
    }

    static void AddTo(Dictionary<string, string[]> containers, Dictionary<string, string[]> more)
    {
        foreach (var (name, arguments) in more)
            containers[name] = arguments;
    }

    static void MakeBase(string codec, string rate)
    {
        var name = $"base-{codec}-{rate}.{(codec is "vp8" ? "mkv" : "mp4")}";
        var duration = 2 + (codec.Length + rate.Length) % 3;
        SyntheticFootage.MakeAll(folder =>
        [
            "-f", "lavfi", "-i", $"testsrc=size=64x48:rate={Rates[rate].Rate}:duration={duration}", "-f", "lavfi", "-i", $"sine=duration={duration}",
            .. Rates[rate].Filter, .. Codecs[codec], "-c:a", "aac", "-b:a", "24k", $"{folder}/{name}",
        ]);
        SyntheticFootage.MakeAll(folder =>
        [
            "-i", $"{folder}/{name}", .. Containers(codec, rate).SelectMany(c => (string[])["-c", "copy", .. c.Value, $"{folder}/{codec}-{rate}-{c.Key}"]),
        ]);
    }

    static void MakeProgramStreams() =>
        SyntheticFootage.MakeAll(folder =>
        [
            "-f", "lavfi", "-i", "testsrc=size=160x120:rate=50:duration=3,noise=alls=60:allf=t", "-f", "lavfi", "-i", "sine=duration=3",
            .. ProgramStreams.SelectMany(p => (string[])["-map", "0:v", .. p.Key == "sound.vob" ? ["-map", "1:a"] : (string[])[], "-pix_fmt", "yuv420p", .. p.Value, $"{folder}/{p.Key}"]),
        ]);
}
