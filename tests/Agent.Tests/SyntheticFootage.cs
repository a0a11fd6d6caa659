using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NUnit.Framework;

namespace Agent.Tests;

/// <summary>
/// Small real recordings made by ffmpeg, each once per test run, and what ffprobe reads out of them. A test that
/// calls anything here is ignored where the two programs are not installed.
/// </summary>
static class SyntheticFootage
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    static readonly ConcurrentDictionary<string, Lazy<string>> Made = new();
    static readonly ConcurrentDictionary<(string Path, long Length), Lazy<PacketSpan?>> Probed = new();
    static readonly Lazy<bool> IsInstalled = new(() => IsRunnable("ffmpeg") && IsRunnable("ffprobe"));
    static readonly SemaphoreSlim Processes = new(Math.Max(2, Environment.ProcessorCount));

    static readonly Lazy<string> Root = new(() =>
    {
        var root = Directory.CreateTempSubdirectory("footage-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    });

    /// <summary>Ignores the running test where there is no ffmpeg.</summary>
    internal static void Require()
    {
        if (!IsInstalled.Value)
            Assert.Ignore("ffmpeg and ffprobe are needed");
    }

    /// <summary>A file of this name, made by these arguments; the output path is put behind them. Never write to it.</summary>
    internal static string Make(string name, params string[] arguments)
    {
        Require();
        return Made.GetOrAdd(name, _ => new Lazy<string>(() =>
        {
            var path = Path.Combine(Root.Value, name);
            Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments, path]);
            return path;
        })).Value;
    }

    internal static string PathOf(string name) => Path.Combine(Root.Value, name);

    /// <summary>Several files at once from one run of ffmpeg, whose arguments name them by paths in the run's folder.</summary>
    internal static void MakeAll(Func<string, string[]> arguments)
    {
        Require();
        Run("ffmpeg", ["-v", "error", "-nostdin", "-y", .. arguments(Root.Value)]);
    }

    /// <summary>
    /// What is left of a recording whose writer was killed: ffmpeg gets no more than the given footage, its standard
    /// input stays open so that it cannot finish, and it is ended once the file has grown to the given length.
    /// </summary>
    internal static string MakeKilled(string name, string transportStream, long length, params string[] arguments)
    {
        Require();
        return Made.GetOrAdd(name, _ => new Lazy<string>(() => Kill(Path.Combine(Root.Value, name), transportStream, length, arguments))).Value;
    }

    /// <summary>The first bytes of a file, as a file of its own in the run's folder.</summary>
    internal static string Cut(string path, long length)
    {
        var cut = Path.Combine(Root.Value, $"{Path.GetFileNameWithoutExtension(path)}-{length}-{Guid.NewGuid():N}{Path.GetExtension(path)}");
        using var source = File.OpenRead(path);
        using var target = File.Create(cut);
        var left = length;
        var buffer = new byte[64 * 1024];
        while (left > 0 && source.Read(buffer, 0, (int)Math.Min(left, buffer.Length)) is > 0 and var count)
        {
            target.Write(buffer, 0, count);
            left -= count;
        }

        return cut;
    }

    internal static string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(Root.Value, $"{Guid.NewGuid():N}-{name}");
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>
    /// From the first video packet ffprobe reads to the end of the latest; null when it reads none. Where it can seek,
    /// ffprobe refuses a fragmented MP4 as a whole if it ends inside a fragment's header; read from front to back, as
    /// from a pipe, it plays everything before that, so that is how it is asked then. What a few packets of a transport
    /// stream are it does not find out by itself.
    /// </summary>
    internal static PacketSpan? Span(string path)
    {
        Require();
        return Probed.GetOrAdd((path, new FileInfo(path).Length), _ => new Lazy<PacketSpan?>(() => ReadSpan(path) ?? ReadSpan(path, "-seekable", "0") ?? (path.EndsWith(".ts", StringComparison.Ordinal) ? ReadSpan(path, "-f", "mpegts") : null))).Value;
    }

    static PacketSpan? ReadSpan(string path, params string[] options)
    {
        var output = Run("ffprobe",
            ["-v", "quiet", .. options, "-select_streams", "v:0", "-show_entries", "packet=pts_time,dts_time,duration_time", "-of", "json", $"file:{path}"],
            mayFail: true);
        if (string.IsNullOrWhiteSpace(output))
            return null;

        using var document = JsonDocument.Parse(output);
        if (!document.RootElement.TryGetProperty("packets", out var packets) || packets.GetArrayLength() == 0)
            return null;

        double? first = null, before = null;
        double earliest = double.MaxValue, end = double.MinValue;
        foreach (var packet in packets.EnumerateArray())
        {
            if ((Seconds(packet, "pts_time") ?? Seconds(packet, "dts_time")) is not { } time)
                continue;
            first ??= time;
            earliest = Math.Min(earliest, time);

            // Of few pictures without a rate in them ffprobe states no duration: they last as long as the step before.
            end = Math.Max(end, time + (Seconds(packet, "duration_time") ?? Math.Max(0, time - (before ?? time))));
            before = time;
        }

        return first is { } start ? new PacketSpan(end - start, end - earliest, packets.GetArrayLength()) : null;
    }

    static double? Seconds(JsonElement packet, string name) =>
        packet.TryGetProperty(name, out var value) && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    static string Kill(string path, string transportStream, long length, string[] arguments)
    {
        using var process = Start("ffmpeg", ["-v", "error", "-y", "-analyzeduration", "0", "-f", "mpegts", "-i", "pipe:0", .. arguments, "-flush_packets", "1", path], writesInput: true);
        try
        {
            var footage = File.ReadAllBytes(transportStream);
            process.StandardInput.BaseStream.Write(footage);
            process.StandardInput.BaseStream.Flush();
            var grown = SpinWait.SpinUntil(() => new FileInfo(path) is { Exists: true } file && file.Length >= length, Deadline);
            Assert.That(grown, Is.True, $"{Path.GetFileName(path)} never grew to {length} bytes");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        return path;
    }

    static string Run(string program, string[] arguments, bool mayFail = false)
    {
        Processes.Wait();
        try
        {
            using var process = Start(program, arguments, writesInput: false);
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Deadline))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{program} did not end");
            }

            return process.ExitCode == 0 || mayFail
                ? output.GetAwaiter().GetResult()
                : throw new InvalidOperationException($"{program} failed: {errors.GetAwaiter().GetResult()}");
        }
        finally
        {
            Processes.Release();
        }
    }

    static Process Start(string program, string[] arguments, bool writesInput)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = writesInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    static bool IsRunnable(string program)
    {
        try
        {
            Run(program, ["-version"]);
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <param name="SinceFirst">Seconds from the first packet of the file to the latest end.</param>
    /// <param name="SinceEarliest">The same from the earliest picture, which a file may store after the first.</param>
    internal sealed record PacketSpan(double SinceFirst, double SinceEarliest, int Packets);
}
