using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Probing.Files.Containers;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files.IndexFiles;

/// <summary>
/// The index of Hikvision's memory cards and network folders. <c>index01.bin</c> is a copy of <c>index00.bin</c> and is
/// read when that is damaged. How its checksum is made is not known, so damage is what contradicts itself.
/// </summary>
static class HikvisionIndex
{
    const string FileName = "index00.bin";
    const string CopyName = "index01.bin";

    /// <summary>Newer firmware keeps a database of this name instead.</summary>
    internal const string DatabaseName = "record_db_index00";

    /// <summary>How far an index may be ahead of its file's own time, and behind it while nothing happens.</summary>
    static readonly TimeSpan Near = TimeSpan.FromHours(1);

    internal static bool Is(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOfAny('/', '\\') + 1)..];
        return name.Equals(FileName, StringComparison.OrdinalIgnoreCase) || name.Equals(DatabaseName, StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="fullPath">Of the index.</param>
    /// <param name="reader">Over it; not used for a database.</param>
    /// <param name="rootName">Names the camera where the index knows only one.</param>
    /// <param name="zone">Of the recorder's clock.</param>
    /// <exception cref="InvalidDataException">It is damaged, and so is its copy.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static IReadOnlyList<ListedFootage> Read(string fullPath, BoundedReader? reader, string rootName, TimeZoneInfo zone)
    {
        var segments = Path.GetFileName(fullPath).Equals(DatabaseName, StringComparison.OrdinalIgnoreCase)
            ? HikvisionIndexStore.Read(fullPath)
            : ReadEither(fullPath, reader ?? throw new InvalidDataException("the index was not opened"));
        var isLocal = CountsLocalTime(segments, zone, File.GetLastWriteTimeUtc(fullPath));
        var cameras = segments.Select(s => s.Camera).Distinct().Count();
        return
        [
            .. segments.Select(s => new ListedFootage(
                cameras > 1 ? $"ch{s.Camera.ToString("00", CultureInfo.InvariantCulture)}" : rootName,
                new TimeRange(Instant(s.Start, zone, isLocal), Later(Instant(s.End, zone, isLocal), Instant(s.Start, zone, isLocal))),
                s.Bytes, s.IsOpen)).OrderBy(f => f.Range.From),
        ];
    }

    static List<HikvisionSegment> ReadEither(string fullPath, BoundedReader reader)
    {
        try
        {
            return HikvisionIndexFile.Read(reader);
        }
        catch (InvalidDataException damage)
        {
            var copy = Path.Combine(Path.GetDirectoryName(fullPath) ?? "", CopyName);
            try
            {
                using SafeFileHandle file = QuietFile.Open(copy);
                using var other = new BoundedReader(file, RandomAccess.GetLength(file), CancellationToken.None);
                return HikvisionIndexFile.Read(other);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                throw new InvalidDataException($"{damage.Message}; and its copy cannot stand in", damage);
            }
        }
    }

    /// <summary>
    /// Recorders write either true Unix time or their local clock as if it were. The index is rewritten as footage is
    /// added, so the reading that puts the newest footage at the time of the file is the true one; local where neither does.
    /// </summary>
    static bool CountsLocalTime(List<HikvisionSegment> segments, TimeZoneInfo zone, DateTime lastWritten)
    {
        if (segments.Count == 0)
            return true;
        var newest = segments.Max(s => Math.Max(s.Start, s.End));
        var written = new DateTimeOffset(lastWritten, TimeSpan.Zero);
        return (Instant(newest, zone, isLocal: false) - written).Duration() >= Near || (Instant(newest, zone, isLocal: true) - written).Duration() < Near;
    }

    static DateTimeOffset Instant(uint seconds, TimeZoneInfo zone, bool isLocal)
    {
        var clock = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return isLocal ? new DateTimeOffset(clock.DateTime, zone.GetUtcOffset(DateTime.SpecifyKind(clock.DateTime, DateTimeKind.Unspecified))).ToUniversalTime() : clock;
    }

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
