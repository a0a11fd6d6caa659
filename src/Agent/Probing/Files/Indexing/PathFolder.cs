using System.IO.Enumeration;

namespace Agent.Probing.Files.Indexing;

/// <summary>A folder by its path: what the class library offers, for Windows and for systems without the calls that <see cref="OpenFolder"/> prefers.</summary>
internal static class PathFolder
{
    // Everything is listed: a hidden or system file is footage like any other, and an error must not look like absence.
    static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    public static FileStamp? Stat(string path, out FolderAnswer answer) => Stamp(new DirectoryInfo(path), out answer);

    public static FileStamp? StatFile(string path, out FolderAnswer answer) => Stamp(new FileInfo(path), out answer);

    public static FolderAnswer List(string path, FolderContent content, TreeRules rules)
    {
        try
        {
            foreach (var (name, isFolder, isLink) in new FileSystemEnumerable<(string, bool, bool)>(
                path, static (ref e) => (e.FileName.ToString(), e.IsDirectory, e.Attributes.HasFlag(FileAttributes.ReparsePoint)), Everything))
            {
                if (isLink)
                    content.Links++;
                else if (isFolder && TreeRules.IsOfRecorder(name))
                    content.Below.Add(name);
                else if (!isFolder && rules.IsFootage(name))
                    content.Files.Add(name);
            }

            return FolderAnswer.Open;
        }
        catch (DirectoryNotFoundException)
        {
            return FolderAnswer.Gone;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return AnswerOf(e);
        }
    }

    static FileStamp? Stamp(FileSystemInfo info, out FolderAnswer answer)
    {
        try
        {
            answer = info.Exists ? FolderAnswer.Open : FolderAnswer.Gone;
            return info.Exists ? new FileStamp((info as FileInfo)?.Length ?? 0, info.LastWriteTimeUtc.Ticks, 0, 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            answer = AnswerOf(e);
            return null;
        }
    }

    static FolderAnswer AnswerOf(Exception e) => e is UnauthorizedAccessException ? FolderAnswer.Denied : FolderAnswer.Failed;
}
