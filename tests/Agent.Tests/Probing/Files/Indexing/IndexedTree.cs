using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Indexing;
using Agent.Recorders;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Indexing;

/// <summary>A recorder's folder that is looked at again and again with an index, and beside it by looks that know nothing.</summary>
sealed class IndexedTree : IDisposable
{
    readonly TemporaryFolder _data = new();
    readonly SecondOpinionOptions _noOpinion = new() { FilesPerLook = 0 };

    readonly DateTimeOffset _began;

    DirectoryIndexes _indexes;
    FilesProbe _probe;

    public IndexedTree(string layout = "%Y-%m-%d_%H-%M-%S")
    {
        Recorder = new Recorder("r", Tree.Root, layout, TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
        (_indexes, _probe) = Start();
        _began = Time.GetUtcNow();
    }

    public string DataFolder => _data.Path;

    public FootageTree Tree { get; } = new();

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public Recorder Recorder { get; }

    public string IndexFile => _indexes.FileOf("r");

    public DirectoryIndex Index => _indexes.Of(Recorder);

    public FilesProbe Probe => _probe;

    public ProbeOutcome Look() => _probe.Look(Recorder, null, null, CancellationToken.None);

    public ProbeOutcome LookFresh() => new FilesProbe(Time, new SecondOpinion(Time, _noOpinion)).Look(Recorder, null, null, CancellationToken.None);

    /// <summary>As when the service is stopped and started.</summary>
    public void Restart(Action<string>? meanwhile = null)
    {
        _indexes.Dispose();
        meanwhile?.Invoke(_indexes.FileOf("r"));
        (_indexes, _probe) = Start();
    }

    /// <summary>
    /// Lets the agent's clock go on. The times that the kernel gives are true ones: what comes next must have another than what was
    /// just looked at, as it has where a look is minutes after the last.
    /// </summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        var probe = Path.Combine(_data.Path, "tick");
        File.WriteAllText(probe, "");
        var before = File.GetLastWriteTimeUtc(probe);
        Assert.That(SpinWait.SpinUntil(() => { File.WriteAllText(probe, "x"); return File.GetLastWriteTimeUtc(probe) > before; }, TimeSpan.FromSeconds(30)), Is.True);
    }

    /// <summary>Segments of ten seconds without a break, each last written when it ended.</summary>
    public void Fill(string folder, DateTimeOffset from, int count)
    {
        for (var start = from; count > 0; count--, start += TimeSpan.FromSeconds(10))
            Tree.Put($"{folder}/{start:yyyy-MM-dd_HH-mm-ss}.mp4", FootageTree.Whole, start.AddSeconds(10));
    }

    /// <summary>A whole second, so long before the first look.</summary>
    public DateTimeOffset Ago(TimeSpan time) => DateTimeOffset.FromUnixTimeSeconds((_began - time).ToUnixTimeSeconds());

    public string FileAt(string folder, DateTimeOffset start) => Path.Combine(Tree.Root, folder, $"{start:yyyy-MM-dd_HH-mm-ss}.mp4");

    public static byte[] Row(string file, string path)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT content FROM folder WHERE path = $path";
        command.Parameters.AddWithValue("$path", path);
        return (byte[])command.ExecuteScalar()!;
    }

    public static void Write(string file, string path, byte[] row)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE folder SET content = $row WHERE path = $path";
        command.Parameters.AddWithValue("$path", path);
        command.Parameters.AddWithValue("$row", row);
        command.ExecuteNonQuery();
    }

    public static void Sql(string file, string sql)
    {
        if (!File.Exists(file))
            return;
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of a test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Everything of a look that a reader of it can tell apart, but what only an index can know: which files changed, and which came late.
    /// </summary>
    public static string Told(ProbeOutcome outcome) => string.Join('\n',
    [
        $"failed {outcome.Failed}, looked {outcome.LookedAt:O}",
        .. outcome.Cameras.Select(c => string.Create(CultureInfo.InvariantCulture,
            $"{c.Observation.Camera}: recorded {Text(Footage(c))}, unseen {Text(c.Observation.Unseen.Except(Footage(c)))}, {c.Segments} segments, {c.Bytes} bytes, usual {c.UsualSegment}, {string.Join("; ", c.Findings.Where(f => f.Code != FindingCode.AppearedLate))}")),
        .. outcome.Problems.Where(p => p.Code is not (ProblemCode.ChangedInPlace or ProblemCode.IndexDamaged)).Select(p => p.ToString()),
    ]);

    static RangeSet Footage(CameraFootage camera) => RangeSet.Of(camera.Observation.Recorded.Concat(camera.Listed.SelectMany(o => o.Recorded)), TimelineBuilder.Join);

    public void Dispose()
    {
        _indexes.Dispose();
        Tree.Dispose();
        _data.Dispose();
    }

    (DirectoryIndexes, FilesProbe) Start()
    {
        var indexes = new DirectoryIndexes(_data.Path);
        return (indexes, new FilesProbe(Time, new SecondOpinion(Time, _noOpinion), indexes));
    }

    static string Text(RangeSet ranges) => string.Join(" ", ranges.Select(r => $"[{r.From:dd HH:mm:ss.fff}-{r.To:dd HH:mm:ss.fff})"));
}
