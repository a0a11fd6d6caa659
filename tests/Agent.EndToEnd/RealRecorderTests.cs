using System.Globalization;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>Other people's recorders, recording while we look.</summary>
internal sealed class RealRecorderTests : IDisposable
{
    // What ffmpeg is told here, and what motion does by itself behind the number of the event.
    static readonly string[] NamePatterns = ["yyyy-MM-dd_HH-mm-ss", "yyyyMMddHHmmss"];

    static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Interruption = TimeSpan.FromSeconds(8);
    static readonly string[] Formats = ["mp4", "fragmented", "ts", "mkv"];

    readonly TemporaryFolder _folder = new();

    [Test]
    public async Task Motion_is_stopped_for_eight_seconds_and_the_hole_is_found_to_within_two()
    {
        Programs.Require("motion");
        var recordings = Directory.CreateDirectory(Path.Combine(_folder.Path, "recordings")).FullName;
        var camera = Path.Combine(recordings, "gate");
        var configuration = MotionConfiguration(recordings);

        DateTimeOffset stopped;
        await using (var motion = CaptiveProcess.Start("motion", ["-n", "-c", configuration]))
        {
            await motion.UntilAsync("two files are there", () => FilesIn(camera).Count >= 2);
            stopped = TimeProvider.System.GetUtcNow();
            await motion.StopAsync();
        }
        var before = FilesIn(camera);
        var lastEnd = EndOf(before[^1]);

        await using var again = await StartMotionAsync(configuration, stopped + Interruption);
        await again.UntilAsync("the first file after the interruption is there", () => FilesIn(camera).Count > before.Count);
        var resumed = TimeProvider.System.GetUtcNow();
        await again.UntilAsync("the second is there too", () => FilesIn(camera).Count > before.Count + 1);
        var live = await CheckedTree.OfAsync(recordings);
        await again.StopAsync();
        var whole = await CheckedTree.OfAsync(recordings);

        foreach (var check in new[] { live, whole })
        {
            Assert.That(check.Cameras, Is.EqualTo(["gate"]));
            Assert.That(check.Camera("gate").GetProperty("layout").GetString(), Is.EqualTo("motion"));
            Assert.That(check.Problems, Is.Empty);
            var hole = check.Holes("gate").Single();
            Assert.That(hole.From, Is.EqualTo(stopped).Within(Accuracy).And.EqualTo(lastEnd).Within(Accuracy));
            Assert.That(hole.To, Is.EqualTo(resumed).Within(Accuracy).And.EqualTo(StartOf(FilesIn(camera)[before.Count])).Within(Accuracy));
            Assert.That(check.Oldest("gate"), Is.EqualTo(StartOf(before[0])).Within(Accuracy));
        }
        Assert.That(whole.Newest("gate"), Is.EqualTo(EndOf(FilesIn(camera)[^1])).Within(Accuracy));
        Assert.That(whole.Camera("gate").GetProperty("segments").GetInt32(), Is.EqualTo(FilesIn(camera).Count));
        await TestContext.Out.WriteLineAsync($"hole {whole.Holes("gate")[0]}; stopped {stopped:O}, last file ends {lastEnd:O}; first new file seen {resumed:O}, named {StartOf(FilesIn(camera)[before.Count]):O}");
    }

    [Test]
    public async Task Ffmpeg_writes_four_containers_and_each_is_measured_while_it_still_grows()
    {
        SyntheticFootage.Require();
        foreach (var format in Formats)
            Directory.CreateDirectory(Path.Combine(_folder.Path, format));
        await using var ffmpeg = CaptiveProcess.Start("ffmpeg",
        [
            "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10",
            .. Output("mp4", "mp4"), .. Output("fragmented", "mp4", "-segment_format_options", "movflags=+frag_keyframe+empty_moov+default_base_moof"),
            .. Output("ts", "mpegts"), .. Output("mkv", "matroska"),
        ]);
        await ffmpeg.UntilAsync("every camera has its fourth file", () => Formats.All(format => FilesIn(Path.Combine(_folder.Path, format)).Count >= 4));
        var live = await CheckedTree.OfAsync(_folder.Path);
        var looked = live.Root.GetProperty("asOf").GetDateTimeOffset();
        await ffmpeg.StopAsync();
        var whole = await CheckedTree.OfAsync(_folder.Path);

        Assert.That(live.Cameras, Is.EquivalentTo(Formats));
        Assert.That(live.Problems, Is.Empty);
        Assert.That(whole.Problems, Is.Empty);
        foreach (var format in Formats)
        {
            var files = FilesIn(Path.Combine(_folder.Path, format));
            Assert.That(live.Holes(format), Is.Empty, format);
            Assert.That(whole.Holes(format), Is.Empty, format);
            Assert.That(live.Oldest(format), Is.EqualTo(StartOf(files[0])), format);
            // A growing file may show nothing of its end: then its three seconds are not yet there.
            Assert.That(live.Newest(format), Is.InRange(looked - Accuracy - TimeSpan.FromSeconds(3), looked), format);
            Assert.That(whole.Newest(format), Is.EqualTo(EndOf(files[^1])).Within(Accuracy), format);
            await TestContext.Out.WriteLineAsync($"{format}: newest {(looked - live.Newest(format)!.Value).TotalSeconds:0.00} s before the look, while growing; {(EndOf(files[^1]) - whole.Newest(format)!.Value).TotalSeconds:0.00} s off at the end");
        }
    }

    public void Dispose() => _folder.Dispose();

    static async Task<CaptiveProcess> StartMotionAsync(string configuration, DateTimeOffset at)
    {
        // The hole is real time, and there is no way around waiting for it.
        if (at - TimeProvider.System.GetUtcNow() is var left && left > TimeSpan.Zero)
            await Task.Delay(left);
        return CaptiveProcess.Start("motion", ["-n", "-c", configuration]);
    }

    /// <summary>A camera played from a file at its own speed, recorded all the time in files of five seconds.</summary>
    string MotionConfiguration(string recordings) => _folder.Write("motion.conf", $"""
        daemon off
        setup_mode off
        log_file {Path.Combine(_folder.Path, "motion.log")}
        target_dir {recordings}
        netcam_url file://{SyntheticFootage.Make("camera.mp4", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=5", "-t", "120", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "5")}
        width 320
        height 240
        framerate 5
        emulate_motion on
        event_gap 2
        picture_output off
        movie_output on
        movie_max_time 5
        movie_codec mp4
        movie_filename gate/%v-%Y%m%d%H%M%S
        webcontrol_port 0
        stream_port 0

        """);

    string[] Output(string camera, string format, params string[] more) =>
    [
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10",
        "-f", "segment", "-segment_time", "3", "-reset_timestamps", "1", "-strftime", "1", "-segment_format", format, .. more,
        Path.Combine(_folder.Path, camera, $"%Y-%m-%d_%H-%M-%S.{(format == "mpegts" ? "ts" : format == "matroska" ? "mkv" : "mp4")}"),
    ];

    static List<string> FilesIn(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).OrderBy(StartOf)] : [];

    static DateTimeOffset StartOf(string file) =>
        new(DateTime.ParseExact(Path.GetFileNameWithoutExtension(file) is [_, _, '-', .. var time] ? time : Path.GetFileNameWithoutExtension(file), NamePatterns, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal | DateTimeStyles.AdjustToUniversal));

    /// <summary>Where a file ends by its name and what ffprobe reads out of it.</summary>
    static DateTimeOffset EndOf(string file) => StartOf(file) + TimeSpan.FromSeconds(SyntheticFootage.Span(file)?.SinceFirst ?? 0);
}
