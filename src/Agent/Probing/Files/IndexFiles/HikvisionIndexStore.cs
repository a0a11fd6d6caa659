namespace Agent.Probing.Files.IndexFiles;

/// <summary>The index of newer Hikvision firmware, a database with one row per segment.</summary>
static class HikvisionIndexStore
{
    /// <exception cref="InvalidDataException">It is no such database, or damaged.</exception>
    internal static List<HikvisionSegment> Read(string path)
    {
        var segments = new List<HikvisionSegment>();
        using var database = ForeignDatabaseStore.Open(path);
        database.Each(
            "record_segment_idx_tb",
            "SELECT start_time_tv_sec, end_time_tv_sec, start_offset, end_offset FROM record_segment_idx_tb WHERE record_type <> 0",
            row =>
            {
                if (row(0) is > 0 and <= uint.MaxValue and var start && row(1) is >= 0 and <= uint.MaxValue and var end && (end == 0 || end > start))
                    segments.Add(new HikvisionSegment(1, (uint)start, Math.Max((uint)start, (uint)end), Math.Max(0, row(3) - row(2)), IsOpen: end == 0));
            });
        return segments;
    }
}
