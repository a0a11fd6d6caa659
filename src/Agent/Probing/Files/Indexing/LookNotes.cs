using Agent.Evidence.Timelines;

namespace Agent.Probing.Files.Indexing;

/// <summary>What comes up while a tree is looked at, beside the footage itself.</summary>
/// <param name="problems">What must be told.</param>
/// <param name="progress">Told how far the look is.</param>
/// <param name="lastComplete">The last look that saw every folder; null when there was none.</param>
/// <param name="cameraOf">Tells the camera of a file by its relative path.</param>
/// <param name="known">What was known of a camera when this look began: footage and segments without an end.</param>
internal sealed class LookNotes(ProblemList problems, IProgress<ProbeProgress>? progress, Func<string, string?> cameraOf, DateTimeOffset? lastComplete, Func<string, RangeSet> known)
{
    // Recorders that buffer write minutes late; an hour is not buffering.
    static readonly TimeSpan LongAfter = TimeSpan.FromHours(1);
    const int UsualSegments = 2;

    const int EmptyFoldersTold = 256;

    readonly Dictionary<string, GoneFootage> _gone = new(StringComparer.Ordinal);
    readonly Dictionary<string, RangeSet> _known = new(StringComparer.Ordinal);
    readonly Lock _telling = new();
    long _files;
    int _emptyFolders;

    public ProblemList Problems => problems;

    /// <summary>Folders or files of the index that did not agree with what they stand for.</summary>
    public int Contradictions { get; set; }

    /// <summary>The recorder's folder lies on another volume than at the look before.</summary>
    public bool IsOtherVolume { get; set; }

    /// <summary>What of each camera has gone since the look before.</summary>
    public IReadOnlyDictionary<string, GoneFootage> Gone => _gone;

    /// <summary>A file is about to be read: whoever waits for the look to get on sees it move, and where it stands when it does not.</summary>
    public void Reading(string folder, string name)
    {
        if (progress is null)
            return;
        lock (_telling)
            progress.Report(new ProbeProgress(++_files, folder.Length == 0 ? name : $"{folder}/{name}", cameraOf));
    }

    /// <summary>So many files of a folder were not read. Of folders without any it is told now and then that they were passed.</summary>
    public void Passed(int files, string folder)
    {
        if (files > 0 || ++_emptyFolders % EmptyFoldersTold == 0)
            progress?.Report(new ProbeProgress(_files += files, folder));
    }

    /// <summary>A file is not there any more, or not as it was.</summary>
    public void Went(in FileRecord file)
    {
        if (file is { HasFootage: true, IsLate: false, Camera: { } camera })
            Went(camera, file.Start, file.End, file.Stamp.Size);
    }

    public void Went(string camera, long from, long to, long bytes) =>
        (_gone.TryGetValue(camera, out var gone) ? gone : _gone[camera] = new GoneFootage()).Add(from, to, bytes);

    /// <summary>
    /// Whether footage met for the first time is of a time that a complete look should long have shown, and did not: neither in
    /// this file nor in another that has gone since, as when files are moved.
    /// </summary>
    public bool IsLate(in FileRecord file)
    {
        if (!file.HasFootage || file.End == file.Start || IsOtherVolume || lastComplete is not { } looked)
            return false;
        var longAfter = Math.Max(LongAfter.Ticks, UsualSegments * (file.End - file.Start));
        if (looked.UtcTicks - file.End < longAfter)
            return false;
        if (!_known.TryGetValue(file.Camera!, out var before))
            _known[file.Camera!] = before = known(file.Camera!);
        var ofFile = RangeSet.Of(file.Pieces);
        // A camera met for the first time may be another one's folder under a new name.
        if (before.Count == 0 && _gone.Values.Any(g => !IsMore(ofFile.Except(g.Ranges))))
            return false;
        return IsMore(ofFile.Except(_gone.TryGetValue(file.Camera!, out var gone) ? before.Union(gone.Ranges) : before));
    }

    static bool IsMore(RangeSet rest) => rest.Any(piece => piece.Length >= TimelineBuilder.Join);
}
