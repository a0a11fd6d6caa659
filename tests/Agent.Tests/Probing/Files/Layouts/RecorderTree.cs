using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>The folder of one recorder with what its cameras recorded, written as that recorder writes.</summary>
sealed class RecorderTree(string layout, TimeZoneInfo zone, DateTimeOffset now, Random random) : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly Dictionary<string, Dictionary<string, TimeRange>> _footage = new(StringComparer.Ordinal);
    int _number = 100;

    internal static bool ShowsOpenFiles(string layout) => layout is not ("frigate" or "viseron" or "unifi");

    /// <summary>Files at work of these tell neither end nor begin: nothing of them can be measured.</summary>
    internal static bool PlacesByEnd(string layout) => layout is "zoneminder-medium" or "zoneminder-shallow";

    string Kind => layout switch
    {
        "mediamtx" or "viseron" => "fmp4",
        "kerberos" => "sidx",
        _ when WrittenNames.Of[layout]("c", now.DateTime, now, 1).EndsWith(".mkv", StringComparison.Ordinal) => "mkv",
        _ => "mp4",
    };

    /// <summary>Writes the files of one camera. A file under the name of an earlier one takes its place, as it does for a recorder.</summary>
    internal void Record(string camera, IEnumerable<RecordedSegment> segments)
    {
        var kept = _footage[camera] = new(StringComparer.Ordinal);
        foreach (var segment in segments)
        {
            var begin = segment.Footage.From;
            var name = WrittenNames.Of[layout](camera, TimeZoneInfo.ConvertTime(begin, zone).DateTime, begin, _number++);
            if (segment.IsOpen && layout.StartsWith("zoneminder", StringComparison.Ordinal))
                name = $"{name[..name.LastIndexOf('/')]}/incomplete.mp4";
            var path = Path.Combine(_folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(segment.IsOpen ? MasterFiles.Unfinished(Kind) : MasterFiles.Of(Kind, (int)segment.Footage.Length.TotalSeconds), path, overwrite: true);
            var written = segment.Footage.To + TimeSpan.FromMilliseconds(segment.IsOpen ? 0 : random.Next(900));
            File.SetLastWriteTimeUtc(path, (written < now ? written : now).UtcDateTime);
            kept[name] = segment.Footage;
            if (segment.IsOpen && PlacesByEnd(layout))
                kept.Remove(name);
        }
    }

    /// <summary>What is really there of a camera and can be seen, runs joined as everywhere.</summary>
    internal RangeSet TruthOf(string camera) => RangeSet.Of(_footage[camera].Values, TimelineBuilder.Join);

    internal int Files => _footage.Values.Sum(f => f.Count);

    internal Recorder Recorder => new("r", _folder.Path, RecorderOptions.RecogniseLayout, zone, new Dictionary<string, CameraOptions>());

    internal ProbeOutcome Look()
    {
        var time = new FakeTimeProvider(now);
        return new FilesProbe(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 })).Look(Recorder, null, null, CancellationToken.None);
    }

    public void Dispose() => _folder.Dispose();
}
