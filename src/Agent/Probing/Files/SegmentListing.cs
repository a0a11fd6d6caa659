using Agent.Recorders;

namespace Agent.Probing.Files;

/// <summary>Lists the footage files of a recorder by name, size and time, without opening one. Memory grows with what is wanted, not with the tree.</summary>
internal static class SegmentListing
{
    /// <summary>The footage files that the recorder's layout explains.</summary>
    /// <param name="recorder">What to look at.</param>
    /// <param name="wanted">Which of them to keep; asked once for each.</param>
    /// <param name="cancel">Ends the listing early.</param>
    /// <param name="unreadable">Whether a folder could not be listed, or the whole recorder, so that what is not here may yet be there.</param>
    /// <returns>The segments, folder by folder. Nothing when the folder is gone or no layout explains it.</returns>
    public static List<ListedSegment> Of(Recorder recorder, Func<ListedSegment, bool> wanted, CancellationToken cancel, out bool unreadable)
    {
        var found = new List<ListedSegment>();
        unreadable = !Directory.Exists(recorder.Path);
        if (unreadable || FilesProbe.LayoutOf(recorder, cancel) is not { } layout)
            return found;

        var rootName = Path.GetFileName(Path.TrimEndingDirectorySeparator(recorder.Path));
        var walk = new TreeWalk(recorder.Path, layout.Extensions, cancel);
        foreach (var file in walk.Files())
        {
            if (!layout.TryPlace(file.RelativePath.AsSpan(0, file.RelativePath.Length - Path.GetExtension(file.RelativePath).Length), rootName, recorder.Zone, out var camera, out var start))
                continue;
            var info = new FileInfo(file.FullPath);
            if (!info.Exists)
                continue;
            var written = new DateTimeOffset(info.LastWriteTimeUtc);
            // A listing opens no file: one placed by its end is listed there.
            if (layout.IsBeside(file.RelativePath) || start.Resolve(written, TimeSpan.Zero) is not { } begin)
                continue;
            var segment = new ListedSegment(camera, begin, file.FullPath, info.Length, written);
            if (wanted(segment))
                found.Add(segment);
        }

        unreadable = walk.Unreadable.Count > 0;
        return found;
    }
}
