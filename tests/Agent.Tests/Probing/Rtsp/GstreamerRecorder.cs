using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Agent.Tests.Repository;

namespace Agent.Tests.Probing.Rtsp;

/// <summary>A recorder that is not ours: GStreamer's RTSP server, with two cameras and an archive of one clip recorded several times.</summary>
sealed class GstreamerRecorder : IDisposable
{
    // Of the distribution, whose packages bring the bindings.
    const string Python = "/usr/bin/python3";

    readonly TemporaryFolder _folder;
    readonly Process _process;

    GstreamerRecorder(TemporaryFolder folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    internal int Port { get; }

    internal Uri this[string name] => new($"rtsp://127.0.0.1:{Port}/{name}");

    /// <summary>A running one; or why there is none.</summary>
    /// <param name="pieces">When the ten seconds of the clip were recorded.</param>
    internal static async Task<(GstreamerRecorder? Recorder, string? WhyNot)> StartAsync(IEnumerable<DateTimeOffset> pieces)
    {
        if (!File.Exists(Python))
            return (null, $"{Python} is not installed.");
        var folder = new TemporaryFolder();
        try
        {
            var specification = await SpecificationAsync(folder.Path, pieces);
            var process = Started(Python, RepositoryTree.PathOf("tests", "Agent.Tests", "Probing", "Rtsp", "gstreamer_recorder.py"), specification);
            var errors = process.StandardError.ReadToEndAsync();
            if (await process.StandardOutput.ReadLineAsync() is { } port)
                return (new GstreamerRecorder(folder, process, int.Parse(port, CultureInfo.InvariantCulture)), null);
            var why = await errors;
            process.Dispose();
            folder.Dispose();
            return (null, $"GStreamer's RTSP server is not installed: {why.Trim().Split('\n')[^1]}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            folder.Dispose();
            return (null, "ffmpeg is not installed.");
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(10_000))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Dispose();
    }

    static async Task<string> SpecificationAsync(string folder, IEnumerable<DateTimeOffset> pieces)
    {
        var (clip, stream, file) = (Path.Combine(folder, "clip.mp4"), Path.Combine(folder, "clip.h264"), Path.Combine(folder, "recorder.json"));
        await SaidAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=10", "-c:v", "libx264", "-preset", "veryfast",
            "-bf", "2", "-g", "20", "-threads", "1", "-pix_fmt", "yuv420p", clip);
        await SaidAsync("ffmpeg", "-v", "error", "-i", clip, "-c", "copy", "-bsf:v", "h264_mp4toannexb,h264_metadata=aud=insert", "-f", "h264", stream);
        var packets = (await SaidAsync("ffprobe", "-v", "error", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", clip))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(','))
            .Select(row => new object[] { (long)Math.Round(double.Parse(row[0], CultureInfo.InvariantCulture) * 1e9), row[1].StartsWith('K') ? 1 : 0 });
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            user = "viewer",
            password = "Tr0ub4dor",
            live = new
            {
                h264 = new { codec = "h264", width = 320, height = 240, fps = 15 },
                h265 = new { codec = "h265", width = 192, height = 144, fps = 10 },
            },
            archive = new { archive = new { clip = stream, packets, pieces = pieces.Select(piece => piece.ToUnixTimeSeconds()) } },
        }));
        return file;
    }

    static async Task<string> SaidAsync(string program, params string[] arguments)
    {
        using var process = Started(program, arguments);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program}: {await errors}");
    }

    static Process Started(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
