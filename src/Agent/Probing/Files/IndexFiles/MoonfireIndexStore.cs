using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// Moonfire NVR's database, the only place that knows what its sample files hold. Times are 90,000 a second since 1970,
/// UTC. A recording whose duration is zero is one frame, and none that ends another.
/// </summary>
static class MoonfireIndexStore
{
    const long UnitsPerSecond = 90_000;
    const long Latest = 4_102_444_800; // The year 2100.

    internal const string FileName = "db";

    /// <summary>Whether a path is that of the database.</summary>
    internal static bool Is(ReadOnlySpan<char> path) => path[(path.LastIndexOfAny('/', '\\') + 1)..].SequenceEqual(FileName);

    /// <exception cref="InvalidDataException">It is no such database, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static IReadOnlyList<ListedFootage> Read(string path)
    {
        using var database = ForeignDatabaseStore.Open(path);
        var cameras = Cameras(database);
        var listed = new List<ListedFootage>();
        database.Each(
            "recording",
            $"SELECT stream_id, start_time_90k, {(database.HasColumn("recording", "wall_duration_90k") ? "wall_duration_90k" : "duration_90k")}, sample_file_bytes FROM recording ORDER BY start_time_90k",
            row =>
            {
                if (row(1) is > 0 and <= Latest * UnitsPerSecond and var start && row(2) is > 0 and <= 86_400 * UnitsPerSecond and var duration)
                    listed.Add(new ListedFootage(
                        cameras.GetValueOrDefault(row(0)) ?? $"stream {row(0)}", new TimeRange(Instant(start), Instant(start + duration)), Math.Max(0, row(3)), ListedState.Whole));
            });
        return listed;
    }

    /// <summary>The main stream of a camera goes by the camera's name; a second one is another timeline.</summary>
    static Dictionary<long, string> Cameras(ForeignDatabaseStore database)
    {
        var names = new Dictionary<long, string>();
        database.EachNamed(
            "stream",
            "SELECT s.id, s.type <> 'main', c.short_name FROM stream s JOIN camera c ON c.id = s.camera_id",
            (id, isSecond, name) => names[id] = isSecond ? $"{name} (sub)" : name);
        return names;
    }

    static DateTimeOffset Instant(long units) => DateTimeOffset.UnixEpoch.AddTicks((long)((Int128)units * TimeSpan.TicksPerSecond / UnitsPerSecond));
}
