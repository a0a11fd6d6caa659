using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Probing.Files;

/// <summary>A recorder's folder of copies of one real ten-second recording, looked at on 23 November 2026 at 10:00 UTC.</summary>
sealed class FootageTree : IDisposable
{
    internal static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    static readonly string[] Recording = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=10", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p"];

    readonly TemporaryFolder _folder = new();

    internal string Root => _folder.Path;

    /// <summary>Ten seconds.</summary>
    internal static string Whole => SyntheticFootage.Make("tree.mp4", [.. Recording, "-movflags", "+faststart"]);

    /// <summary>Ten seconds by its header, and half the bytes.</summary>
    internal static string Truncated => SyntheticFootage.Cut(Whole, new FileInfo(Whole).Length * 2 / 3);

    /// <summary>As its recorder leaves it until it is finished: nothing tells an end yet.</summary>
    internal static string Unfinished => SyntheticFootage.Cut(SyntheticFootage.Make("tree-unfinished.mp4", Recording), 2000);

    /// <summary>Puts a copy of a file into the tree, last written at a time; by default at the time of the look.</summary>
    internal string Put(string relativePath, string source, DateTimeOffset? written = null)
    {
        var path = Prepare(relativePath);
        File.Copy(source, path);
        File.SetLastWriteTimeUtc(path, (written ?? Now).UtcDateTime);
        return path;
    }

    internal string PutBytes(string relativePath, string content, DateTimeOffset? written = null)
    {
        var path = Prepare(relativePath);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, (written ?? Now).UtcDateTime);
        return path;
    }

    internal ProbeOutcome Look(string layout = "auto", string zone = "UTC", DateTimeOffset? asOf = null, SecondOpinionOptions? opinion = null, CancellationToken cancel = default, params CameraOptions[] declared)
    {
        var time = new FakeTimeProvider(Now);
        var recorder = new Recorder("r", Root, layout, TimeZoneInfo.FindSystemTimeZoneById(zone), declared.ToDictionary(c => c.Camera));
        return new FilesProbe(time, new SecondOpinion(time, opinion ?? new SecondOpinionOptions { FilesPerLook = 0 })).Look(recorder, asOf, null, cancel);
    }

    /// <summary>Every entry below the root with what a writer would change.</summary>
    internal string[] Listing() =>
    [
        .. new DirectoryInfo(Root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(Root))
            .Select(e => $"{e.FullName} {e.LastWriteTimeUtc:O} {e.UnixFileMode} {(e as FileInfo)?.Length}").Order(StringComparer.Ordinal),
    ];

    internal static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-11-23T{time}Z", CultureInfo.InvariantCulture);

    internal static TimeRange Range(string from, string to) => new(At(from), At(to));

    public void Dispose() => _folder.Dispose();

    string Prepare(string relativePath)
    {
        var path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
