using System.Runtime.InteropServices;
using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.Indexing;

/// <summary>What one folder holds of one camera, without its open files: the part of the index that stays in memory. Times are UTC ticks.</summary>
internal sealed class CameraFolder
{
    // Enough of one folder to be heard beside others, and few enough to cost nothing.
    const int MostWitnesses = 4;

    CameraFolder(string camera) => Camera = camera;

    public string Camera { get; }

    /// <summary>Footage, segments at most two seconds apart joined.</summary>
    public IReadOnlyList<(long From, long To)> Ranges { get; private set; } = [];

    /// <summary>Footage that appeared late.</summary>
    public IReadOnlyList<(long From, long To)> Late { get; private set; } = [];

    /// <summary>Time within which there may be footage, nobody knows where.</summary>
    public IReadOnlyList<(long From, long To)> Hidden { get; private set; } = [];

    public IReadOnlyList<LooseEnd> Loose { get; private set; } = [];

    public long Segments { get; private set; }

    public long Bytes { get; private set; }

    public long LateBytes { get; private set; }

    public int LateSegments { get; private set; }

    /// <summary>What is doubtful about its segments.</summary>
    public SegmentDoubts Doubts { get; private set; }

    /// <summary>A few whole files, as witnesses of the zone of their names: start, end, last written.</summary>
    public IReadOnlyList<(long Start, long End, long LastWritten)> Witnesses { get; private set; } = [];

    /// <summary>Segments whose length is known, and the median of those lengths.</summary>
    public (int Count, long Median) Lengths { get; private set; }

    /// <summary>The file that begins last; null when there is none.</summary>
    public (string Name, long Start, FileStamp Stamp)? Newest { get; private set; }

    /// <summary>Sums up the files of one camera in one folder, those that are open left out.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="files">Its files in the folder.</param>
    /// <param name="times">When they were looked at.</param>
    public static CameraFolder Of(string camera, List<FileRecord> files, LookTimes times)
    {
        var folder = new CameraFolder(camera);
        files.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        List<(long From, long To)> ranges = [], late = [], hidden = [];
        List<(long Start, long End, long LastWritten)> witnesses = [];
        var newestEnd = 0L;
        List<LooseEnd> loose = [];
        List<long> lengths = [];
        for (var i = 0; i < files.Count; i++)
        {
            ref readonly var file = ref CollectionsMarshal.AsSpan(files)[i];
            if (OpenFile.Is(file, times) || file.State == FileState.Empty)
                continue;
            if (file.HidesTime)
            {
                hidden.Add((file.Start, file.End));
                continue;
            }

            folder.Doubts += SegmentDoubts.Of(file.State);
            if (file.State == FileState.OutOfTime)
                continue;
            folder.Newest = (file.Name, file.Start, file.Stamp);
            folder.Segments++;
            folder.Bytes += file.Stamp.Size;
            if (file.IsLoose)
                loose.Add(new LooseEnd(file.Start, file.LastWritten, file.State == FileState.NoEnd, NextIn(files, i, times)));
            // One that seems too long may only be named by another clock.
            if (file.State is FileState.Footage or FileState.LongerThanElapsed && (files.Count <= MostWitnesses || i % (files.Count / MostWitnesses) == 0))
                witnesses.Add((file.Start, file.End, file.LastWritten));
            if (!file.HasFootage || file.End == file.Start)
                continue;
            lengths.Add(file.End - file.Start);
            folder.Doubts += SegmentDoubts.OfOverlap(file.Start, newestEnd);
            newestEnd = Math.Max(newestEnd, file.End);
            foreach (var piece in file.Pieces)
                (file.IsLate ? late : ranges).Add((piece.From.UtcTicks, piece.To.UtcTicks));
            folder.LateSegments += file.IsLate ? 1 : 0;
            folder.LateBytes += file.IsLate ? file.Stamp.Size : 0;
        }

        lengths.Sort();
        folder.Lengths = lengths.Count == 0 ? default : (lengths.Count, lengths[lengths.Count / 2]);
        (folder.Ranges, folder.Late, folder.Hidden, folder.Loose, folder.Witnesses) = (Joined(ranges), Joined(late), [.. hidden], [.. loose], [.. witnesses]);
        return folder;
    }

    /// <summary>Bytes of what begins after an instant; where the folder reaches over it, in proportion to the time.</summary>
    public long BytesSince(long instant)
    {
        if (Newest is not { } newest || newest.Start < instant)
            return 0;
        var (all, since) = (Ranges.Sum(r => r.To - r.From), Ranges.Sum(r => Math.Max(0, r.To - Math.Max(r.From, instant))));
        return all == 0 || all == since ? Bytes : (long)((double)Bytes * since / all);
    }

    static long? NextIn(List<FileRecord> files, int at, LookTimes times)
    {
        for (var i = at + 1; i < files.Count; i++)
            if (files[i].Start > files[at].Start && files[i].State is not (FileState.OutOfTime or FileState.Empty) && !files[i].HidesTime && !OpenFile.Is(files[i], times))
                return files[i].Start;
        return null;
    }

    // They come in the order of their files' starts, which is nearly their own: what lies in a hole of another file comes after it.
    static (long From, long To)[] Joined(List<(long From, long To)> pieces)
    {
        pieces.Sort();
        List<(long From, long To)> ranges = [];
        foreach (var (from, to) in pieces)
            if (ranges.Count > 0 && from - ranges[^1].To <= TimelineBuilder.Join.Ticks)
                ranges[^1] = (ranges[^1].From, Math.Max(ranges[^1].To, to));
            else
                ranges.Add((from, to));
        return [.. ranges];
    }
}
