using System.Collections.Frozen;
using System.IO.Enumeration;

namespace Agent.Probing.Files;

/// <summary>
/// Lists the footage files of a tree. Links and junctions are counted and not followed; a folder that cannot be listed is reported,
/// never skipped in silence.
/// </summary>
/// <param name="root">The recorder's folder.</param>
/// <param name="extensions">Extensions of the files to list, with the dot.</param>
/// <param name="cancel">Ends the walk early.</param>
internal sealed class TreeWalk(string root, FrozenSet<string> extensions, CancellationToken cancel)
{
    // What a file system or desktop keeps at the top of a disk, closed to us: no recorder writes there, and deleted footage is not kept footage.
    static readonly FrozenSet<string> NotOfRecorders =
        new[] { "lost+found", "System Volume Information", "$RECYCLE.BIN" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Everything is listed: a hidden or system file is footage like any other, and an error must not look like absence.
    static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    /// <summary>Links found so far and not followed.</summary>
    public int Links { get; private set; }

    /// <summary>Files that are not footage by their extension.</summary>
    public long OtherFiles { get; private set; }

    /// <summary>Folders that could not be listed, relative to the root, with the reason.</summary>
    public List<(string RelativePath, string Reason)> Unreadable { get; } = [];

    /// <summary>All footage files, folder by folder in the order of names.</summary>
    public IEnumerable<FootageFile> Files()
    {
        var folders = new Stack<(string Full, string Relative)>();
        folders.Push((root, ""));
        while (folders.TryPop(out var folder))
        {
            cancel.ThrowIfCancellationRequested();
            var below = new List<string>();
            foreach (var name in List(folder.Full, folder.Relative, below))
                yield return new FootageFile(Path.Join(folder.Full, name), Join(folder.Relative, name));
            below.Sort((a, b) => string.CompareOrdinal(b, a)); // a stack gives them back in ascending order
            foreach (var name in below)
                folders.Push((Path.Join(folder.Full, name), Join(folder.Relative, name)));
        }
    }

    List<string> List(string full, string relative, List<string> below)
    {
        var files = new List<string>();
        try
        {
            foreach (var (name, isFolder, isLink) in new FileSystemEnumerable<(string, bool, bool)>(
                full, static (ref e) => (e.FileName.ToString(), e.IsDirectory, e.Attributes.HasFlag(FileAttributes.ReparsePoint)), Everything))
            {
                if (isLink)
                    Links++;
                else if (isFolder && NotOfRecorders.Contains(name))
                    continue;
                else if (isFolder)
                    below.Add(name);
                else if (extensions.Contains(Path.GetExtension(name)))
                    files.Add(name);
                else
                    OtherFiles++;
            }
        }
        catch (DirectoryNotFoundException) when (relative.Length > 0 && !full.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // The recorder removed it meanwhile: looked, and it is not there.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was listed before the failure stands; the rest of the folder is unknown.
            Unreadable.Add((relative, e is UnauthorizedAccessException ? "permission denied" : full.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is not UTF-8" : "it cannot be listed"));
        }
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
