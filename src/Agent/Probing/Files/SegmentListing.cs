using Agent.Probing.Files.Indexing;
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

        var placing = new FilePlacing(layout, Path.GetFileName(Path.TrimEndingDirectorySeparator(recorder.Path)), recorder.Zone);
        var rules = new TreeRules(layout.Extensions);
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var relative))
        {
            cancel.ThrowIfCancellationRequested();
            var full = relative.Length == 0 ? recorder.Path : Path.Join(recorder.Path, relative);
            using var folder = OpenFolder.Open(full, relative.Length == 0, out var answer);
            if (folder is null)
            {
                // What the recorder removed meanwhile was looked at, and is not there.
                unreadable |= answer != FolderAnswer.Gone || relative.Length == 0;
                continue;
            }

            var content = folder.List(rules);
            unreadable |= content.Failure is not null || content.UnspeakableBelow.Count > 0;
            foreach (var name in content.Files)
                if (Listed(folder, full, relative, name, placing) is { } segment && wanted(segment))
                    found.Add(segment);
            for (var i = content.Below.Count - 1; i >= 0; i--)
                folders.Push(relative.Length == 0 ? content.Below[i] : $"{relative}/{content.Below[i]}"); // a stack gives them back in ascending order
        }

        return found;
    }

    static ListedSegment? Listed(OpenFolder folder, string full, string relative, string name, FilePlacing placing)
    {
        if (placing.IsBeside(relative, name) || !placing.TryPlace(relative, name, out var camera, out var start) || folder.StatFile(name, out _) is not { } stamp)
            return null;
        // A listing opens no file: one placed by its end is listed there.
        return start.Resolve(stamp.LastWritten, TimeSpan.Zero) is { } begin ? new ListedSegment(camera, begin, Path.Join(full, name), stamp.Size, stamp.LastWritten) : null;
    }
}
