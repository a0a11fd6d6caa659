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

    internal static bool Is(ReadOnlySpan<char> path)
    {
        var name = path[(path.LastIndexOfAny('/', '\\') + 1)..];
        return name.Equals(FileName, StringComparison.OrdinalIgnoreCase) || name.Equals(DatabaseName, StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="fullPath">Of the index.</param>
    /// <param name="reader">Over it; not used for a database.</param>
    /// <param name="zone">Of the recorder's clock.</param>
    /// <exception cref="InvalidDataException">It is damaged, and so is its copy; or by which clock it counts cannot be told.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static IReadOnlyList<ListedFootage> Read(string fullPath, BoundedReader? reader, TimeZoneInfo zone)
    {
        var segments = Path.GetFileName(fullPath).Equals(DatabaseName, StringComparison.OrdinalIgnoreCase)
            ? HikvisionIndexStore.Read(fullPath)
            : ReadEither(fullPath, reader ?? throw new InvalidDataException("the index was not opened"));
        if (segments.Count == 0)
            return [];
        var times = HikvisionTimes.Of(segments, zone, new DateTimeOffset(File.GetLastWriteTimeUtc(fullPath), TimeSpan.Zero));
        return [.. segments.SelectMany(times.Footage).OrderBy(f => f.Range.From)];
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
}
