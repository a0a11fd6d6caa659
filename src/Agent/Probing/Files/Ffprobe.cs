using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Agent.Probing.Files;

/// <summary>
/// Starts ffprobe on one file, or on bytes we received ourselves, so that neither a name nor the content makes it do more than read that,
/// longer than it may or with more output than we hold.
/// </summary>
/// <param name="program">Full path of ffprobe.</param>
/// <param name="deadline">After which it is ended with all its children.</param>
/// <param name="time">Measures the deadline.</param>
internal sealed class Ffprobe(string program, TimeSpan deadline, TimeProvider time)
{
    const int MostOutput = 1024 * 1024;
    const int MostErrors = 4096;
    const int MostTold = 200;

    // How long the system may take to end a killed process; one that waits for a dead disk cannot be ended, and is left behind.
    static readonly TimeSpan Ending = TimeSpan.FromSeconds(1);

    // A name matches if it is one of a demuxer's names. Playlists and concat scripts in the clothes of a video are refused before they are read.
    const string Formats = "mov,matroska,mpegts";

    // By decoder, because ffprobe opens one for every stream: what recorders write, and nothing of the long tail where decoders break.
    const string Codecs = "h264,hevc,mpeg4,mjpeg,h263,vp8,vp9,av1,libdav1d,"
        + "aac,mp2,mp2float,mp3,mp3float,opus,ac3,pcm_alaw,pcm_mulaw,pcm_s16le,pcm_s16be,adpcm_g726,adpcm_g726le,adpcm_ima_wav,g723_1";

    /// <summary>Asks about a file. Only cancellation throws; then, as at the deadline, the process and its children are gone.</summary>
    public FfprobeReply Ask(string path, CancellationToken cancel)
    {
        var input = $"file:{Path.GetFullPath(path)}";
        return Ask(
            ["-protocol_whitelist", "file", "-format_whitelist", Formats, "-codec_whitelist", Codecs, "-sexagesimal", "-show_format", "-show_streams", "-of", "json", "-i", input],
            ReadOnlyMemory<byte>.Empty, input, cancel);
    }

    /// <summary>
    /// Decodes a video stream we received, and tells of what is in it: <c>codec_name</c>, <c>width</c>, <c>height</c> and <c>nb_read_frames</c>
    /// of each stream. It gets the bytes alone, and so neither an address nor a login.
    /// </summary>
    /// <param name="content">In the order of decoding, with start codes.</param>
    /// <param name="format">Its demuxer, "h264" or "hevc"; the decoder has the same name.</param>
    public FfprobeReply Decode(ReadOnlyMemory<byte> content, string format, CancellationToken cancel) => Ask(
        [
            "-protocol_whitelist", "pipe", "-format_whitelist", format, "-codec_whitelist", format, "-count_frames",
            "-show_entries", "stream=codec_name,width,height,nb_read_frames", "-of", "json", "-f", format, "-i", "pipe:0",
        ],
        content, "pipe:0", cancel);

    FfprobeReply Ask(string[] arguments, ReadOnlyMemory<byte> content, string input, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        using var process = new Process { StartInfo = StartOf(arguments) };
        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return new FfprobeReply(null, $"ffprobe cannot be started (error {(e as Win32Exception)?.NativeErrorCode ?? e.HResult})", Started: false);
        }
        try
        {
            return Answer(process, content, input, stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return FfprobeReply.Failed($"it did not answer within {deadline.TotalSeconds:0.#} s");
        }
        catch (IOException)
        {
            return FfprobeReply.Failed("its answer could not be read");
        }
        finally
        {
            End(process);
        }
    }

    ProcessStartInfo StartOf(string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var argument in (string[])["-v", "error", .. arguments])
            start.ArgumentList.Add(argument);
        // FFREPORT and its like make ffprobe write files, and our own secrets are none of its business.
        var windows = start.Environment.TryGetValue("SystemRoot", out var root) ? root : null;
        start.Environment.Clear();
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        if (windows is not null)
            start.Environment["SystemRoot"] = windows; // Windows cannot load libraries without it
        return start;
    }

    static FfprobeReply Answer(Process process, ReadOnlyMemory<byte> content, string input, CancellationToken stop)
    {
        // Ended with the process, as the reads are.
        _ = Task.Run(() => Feed(process.StandardInput.BaseStream, content), CancellationToken.None);
        var (answer, complaints) = (process.StandardOutput.BaseStream, process.StandardError.BaseStream);
        // Reads of a pipe cannot be cancelled everywhere, so it is the waiting that is; they end when the process does.
        var errors = Task.Run(() => Beginning(complaints, MostErrors, readOn: true), CancellationToken.None);
        var output = Task.Run(() => Beginning(answer, MostOutput + 1, readOn: false), CancellationToken.None).WaitAsync(stop).GetAwaiter().GetResult();
        if (output.Length > MostOutput)
            return FfprobeReply.Failed($"its answer is longer than {MostOutput} bytes");
        var said = errors.WaitAsync(stop).GetAwaiter().GetResult();
        process.WaitForExitAsync(stop).GetAwaiter().GetResult();
        return process.ExitCode == 0
            ? new FfprobeReply(Encoding.UTF8.GetString(output), null)
            : FfprobeReply.Failed($"it ended with code {process.ExitCode}{Told(Encoding.UTF8.GetString(said), input)}");
    }

    static void Feed(Stream input, ReadOnlyMemory<byte> content)
    {
        try
        {
            using (input)
                input.Write(content.Span);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has heard enough, or was ended.
        }
    }

    /// <summary>The first bytes of a stream, at most so many; the rest is read and forgotten, or left.</summary>
    static byte[] Beginning(Stream stream, int most, bool readOn)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while ((readOn || kept.Length < most) && stream.Read(buffer) is > 0 and var count)
            kept.Write(buffer.AsSpan(0, Math.Min(count, most - (int)kept.Length)));
        return kept.ToArray();
    }

    /// <summary>What ffprobe complained of, without the path, in one printable line.</summary>
    static string Told(string errors, string input)
    {
        var text = Printable.Text(errors.Replace(input, input.StartsWith("file:", StringComparison.Ordinal) ? "the file" : "the stream", StringComparison.Ordinal).Trim().ReplaceLineEndings("; "));
        return text.Length == 0 ? "" : $" ({(text.Length > MostTold ? text[..MostTold] + "…" : text)})";
    }

    static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit(Ending);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException or NotSupportedException)
        {
            // It ended by itself in the meantime, or the system will not let go of it; there is nothing more to do either way.
        }
    }
}
