using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Recorders;
using Agent.Tests.Probing.Files.Generators;
using Microsoft.Extensions.Time.Testing;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// The folder of a recorder that keeps an index of its own, made by the generators from histories that are known, with all that must not
/// be taken for footage: what a file held before it was taken again, a record that is stale while its file is written, files of video
/// that tell nothing.
/// </summary>
sealed class IndexedRecorder(string layout, TimeZoneInfo zone, DateTimeOffset now, Random random) : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly SortedDictionary<string, RangeSet> _truth = new(StringComparer.Ordinal);
    MoonfireGenerator? _moonfire;

    internal IEnumerable<string> Cameras => _truth.Keys;

    /// <summary>What is really there of a camera, runs joined as everywhere.</summary>
    internal RangeSet TruthOf(string camera) => _truth[camera];

    internal Recorder Recorder => new("r", _folder.Path, RecorderOptions.RecogniseLayout, zone, new Dictionary<string, CameraOptions>());

    internal void Record(IReadOnlyList<RandomHistory> histories)
    {
        switch (layout)
        {
            case "hikvision": RecordHikvision(histories); break;
            case "synology": RecordSynology(histories); break;
            case "moonfire": RecordMoonfire(histories); break;
            default: throw new ArgumentOutOfRangeException(layout);
        }
    }

    internal ProbeOutcome Look()
    {
        var time = new FakeTimeProvider(now);
        return new FilesProbe(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 })).Look(Recorder, null, null, CancellationToken.None);
    }

    public void Dispose()
    {
        _moonfire?.Dispose();
        _folder.Dispose();
    }

    /// <summary>Channels of one medium, of one with two data folders, or network cameras with a folder each; by UTC or by the local clock as if it were.</summary>
    void RecordHikvision(IReadOnlyList<RandomHistory> histories)
    {
        var way = random.Next(3);
        var shape = new HikvisionIndexShape(OpenEndsAreZero: random.Next(2) == 0, FileLength: 1 << 16) { LocalAsUtc = random.Next(2) == 0 ? zone : null };
        var channels = Enumerable.Range(0, 33).ToArray();
        random.Shuffle(channels);
        var files = new List<(string Root, int Folder, HikvisionFile File)>();
        foreach (var (number, history) in histories.Index())
        {
            var camera = way == 2 ? $"cam-{number}" : $"ch{channels[number].ToString("00", CultureInfo.InvariantCulture)}";
            _truth[camera] = RangeSet.Of(history.Segments.Select(s => s.Footage), TimelineBuilder.Join);
            files.AddRange(FilesOf(history, channels[number], shape).Select(file => (way == 2 ? camera : "", way == 1 ? random.Next(2) : 0, file)));
        }

        foreach (var index in files.GroupBy(f => (f.Root, f.Folder)))
        {
            var own = index.Select(f => f.File).ToArray();
            random.Shuffle(own);
            var folder = HikvisionIndexGenerator.Write(Directory.CreateDirectory(Path.Combine(_folder.Path, index.Key.Root)).FullName, own, shape, index.Key.Folder);
            var newest = own.SelectMany(f => f.Segments.Select((s, i) => f.IsOpen && shape.OpenEndsAreZero && i == f.Segments.Count - 1 ? s.From : s.To)).Max();
            foreach (var name in (string[])["index00.bin", "index01.bin"])
                File.SetLastWriteTimeUtc(Path.Combine(folder, name), Earlier(newest.AddSeconds(random.Next(20)), now).UtcDateTime);
        }
    }

    IEnumerable<HikvisionFile> FilesOf(RandomHistory history, int channel, HikvisionIndexShape shape)
    {
        for (int from = 0, count; from < history.Segments.Count; from += count)
        {
            count = Math.Min(random.Next(1, 12), history.Segments.Count - from);
            var held = history.Segments.Skip(from).Take(count).ToList();
            var isNewest = from + count == history.Segments.Count;
            yield return new HikvisionFile(channel, [.. held.Select(s => s.Footage)], isNewest && (held[^1].IsOpen || (!shape.OpenEndsAreZero && random.Next(2) == 0))) { Before = Stale() };
        }

        if (random.Next(2) == 0)
            yield return new HikvisionFile(channel, [new TimeRange(history.Segments[0].Footage.From, history.Segments[0].Footage.From.AddSeconds(5))]) { Before = Stale() };
    }

    // Of any time, also of hours in which today nothing is recorded: whoever takes it for footage is found out.
    List<TimeRange> Stale() => [.. Enumerable.Range(0, random.Next(60)).Select(_ => now.AddSeconds(-random.Next(random.Next(2) == 0 ? 200_000 : 40_000_000))).Order()
        .Select(from => new TimeRange(from, Earlier(from.AddSeconds(random.Next(1, 7200)), now)))];

    /// <summary>Logs cut at now, or laid out beforehand.</summary>
    void RecordSynology(IReadOnlyList<RandomHistory> histories)
    {
        var root = Path.Combine(_folder.Path, random.Next(2) == 0 ? "" : "volume1/surveillance");
        var isLaidOut = random.Next(2) == 0;
        foreach (var (number, history) in histories.Index())
        {
            var camera = $"Cam {number}";
            _truth[camera] = RangeSet.Of(history.Segments.Select(s => s.Footage), TimelineBuilder.Join);
            RecLogGenerator.Write(root, camera, [.. history.Segments.Select(s => s.Footage)], isLaidOut ? null : now);
            foreach (var day in _truth[camera].Select(r => r.From.ToString("yyyyMMdd", CultureInfo.InvariantCulture)).Distinct())
                File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(root, camera, $"{day}AM")).FullName, $"{camera}-{day}-0.mp4"), new byte[100]);
        }
    }

    /// <summary>Rows in the database, or still in its log; the oldest forgotten; of some a second stream. What was not flushed is not there to be seen.</summary>
    void RecordMoonfire(IReadOnlyList<RandomHistory> histories)
    {
        var logs = random.Next(2) == 0;
        _moonfire = new MoonfireGenerator(_folder.Path, logs);
        foreach (var (number, history) in histories.Index())
        {
            var (camera, type) = number == 1 ? ("cam-0", "sub") : ($"cam-{number}", "main");
            var flushed = history.Segments.Select(s => s.IsOpen ? new TimeRange(s.Footage.From, s.Footage.To.AddSeconds(-(s.Footage.Length.TotalSeconds % 60))) : s.Footage).ToList();
            _moonfire.Record(camera, type, flushed);
            var forgotten = number == 2 && flushed.Count > 1 ? flushed[1].From : DateTimeOffset.MinValue;
            if (forgotten > DateTimeOffset.MinValue)
                _moonfire.Forget(forgotten);
            _truth[type == "sub" ? $"{camera} ({type})" : camera] = RangeSet.Of(flushed.Where(f => f.From >= forgotten), TimelineBuilder.Join);
        }
    }

    static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
