using System.Buffers;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Agent.Probing.Files.Volumes;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// A folder of the recorder held open: listed, and its files looked at by their names alone. On Linux a name swapped for a link
/// meanwhile leads nowhere else; elsewhere it is a path.
/// </summary>
internal sealed unsafe class OpenFolder : IDisposable
{
    const int EntriesBuffer = 64 * 1024;
    const int NameOffset = 19; // of d_name in struct linux_dirent64
    const byte Unknown = 0, Folder = 4, Regular = 8, Link = 10;

    // Everything is listed: a hidden or system file is footage like any other, and an error must not look like absence.
    static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };

    readonly string _path;
    readonly int _descriptor;

    OpenFolder(string path, int descriptor) => (_path, _descriptor) = (path, descriptor);

    /// <summary>The stamp of a folder, by its path.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="isRoot">The recorder's own folder, which may be a link.</param>
    /// <param name="answer">Why there is none.</param>
    public static FileStamp? Stat(string path, bool isRoot, out FolderAnswer answer)
    {
        if (!PosixCalls.AreThere)
            return StatManaged(path, out answer);
        var status = stackalloc byte[PosixCalls.StatusBytes];
        using var name = new PosixName(path, stackalloc byte[PosixName.Usual]);
        fixed (byte* text = name.Bytes)
        {
            if (PosixCalls.StatX(PosixCalls.WorkingFolder, text, isRoot ? 0 : PosixCalls.NotFollowed, PosixCalls.BasicFields, status) != 0)
            {
                answer = AnswerOf(Marshal.GetLastPInvokeError());
                return null;
            }
        }

        var stamp = FileStamp.Of(status, out var isFolder, out _);
        answer = isFolder ? FolderAnswer.Open : FolderAnswer.Gone;
        return isFolder ? stamp : null;
    }

    /// <summary>Opens a folder; null when that cannot be done.</summary>
    public static OpenFolder? Open(string path, bool isRoot, out FolderAnswer answer)
    {
        answer = FolderAnswer.Open;
        if (!PosixCalls.AreThere)
            return new OpenFolder(path, -1);
        using var name = new PosixName(path, stackalloc byte[PosixName.Usual]);
        fixed (byte* text = name.Bytes)
        {
            var descriptor = PosixCalls.OpenQuietly(PosixCalls.WorkingFolder, text, isFolder: true, follow: isRoot);
            if (descriptor >= 0)
                return new OpenFolder(path, descriptor);
        }

        answer = AnswerOf(Marshal.GetLastPInvokeError());
        return null;
    }

    /// <summary>Lists it: footage files by their extension, folders, links.</summary>
    public FolderContent List(TreeRules rules)
    {
        var content = new FolderContent();
        if (_descriptor >= 0)
            ListEntries(content, rules);
        else
            ListManaged(content, rules);
        content.Sort();
        return content;
    }

    /// <summary>The stamp of a file in it; null when there is none, with the reason.</summary>
    public FileStamp? StatFile(string file, out FolderAnswer answer)
    {
        answer = FolderAnswer.Open;
        if (_descriptor < 0)
            return StatFileManaged(file, out answer);
        var status = stackalloc byte[PosixCalls.StatusBytes];
        using var name = new PosixName(file, stackalloc byte[PosixName.Usual]);
        fixed (byte* text = name.Bytes)
        {
            if (PosixCalls.StatX(_descriptor, text, PosixCalls.NotFollowed, PosixCalls.BasicFields, status) == 0)
                return FileStamp.Of(status, out _, out _);
        }

        answer = AnswerOf(Marshal.GetLastPInvokeError());
        return null;
    }

    /// <summary>Reads a file in it.</summary>
    public FileLook Look(string file, ReadOnlyMemory<byte> init, CancellationToken cancel)
    {
        if (_descriptor < 0)
            return SegmentReader.Look(Path.Join(_path, file), init, cancel);
        ReadBudget.Spend();
        using var name = new PosixName(file, stackalloc byte[PosixName.Usual]);
        int descriptor;
        fixed (byte* text = name.Bytes)
            descriptor = PosixCalls.OpenQuietly(_descriptor, text, isFolder: false, follow: false);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError() switch
            {
                PosixCalls.NoSuchFile or PosixCalls.NotAFolder => FileLook.IsGone,
                PosixCalls.NotPermitted or PosixCalls.NoAccess => FileLook.Failed("permission denied"),
                var error => FileLook.Failed($"it cannot be read (error {error})"),
            };
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var status = stackalloc byte[PosixCalls.StatusBytes];
        fixed (byte* nothing = "\0"u8)
            if (PosixCalls.StatX(descriptor, nothing, PosixCalls.OfDescriptor, PosixCalls.BasicFields, status) != 0)
                return FileLook.Failed($"it cannot be read (error {Marshal.GetLastPInvokeError()})");
        var stamp = FileStamp.Of(status, out _, out var isFile);
        return isFile ? SegmentReader.Look(handle, stamp, init, cancel) : FileLook.Failed("it is not a regular file");
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = PosixCalls.Close(_descriptor);
    }

    void ListEntries(FolderContent content, TreeRules rules)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(EntriesBuffer);
        try
        {
            fixed (byte* entries = buffer)
            {
                nint length;
                while ((length = PosixCalls.GetEntries(_descriptor, entries, (nuint)buffer.Length)) > 0)
                    for (nint at = 0; at < length; at += *(ushort*)(entries + at + 16))
                        Take(content, rules, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entries + at + NameOffset), *(entries + at + 18));
                if (length < 0)
                    Fail(content, AnswerOf(Marshal.GetLastPInvokeError()));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Take(FolderContent content, TreeRules rules, ReadOnlySpan<byte> name, byte kind)
    {
        if (name is [(byte)'.'] or [(byte)'.', (byte)'.'])
            return;
        var text = Encoding.UTF8.GetString(name);
        var speakable = Utf8.IsValid(name);
        if (kind == Unknown)
            kind = speakable ? KindOf(name) : Regular;
        if (kind == Link)
            content.Links++;
        else if (kind == Folder && !speakable)
            content.UnspeakableBelow.Add(text);
        else if (kind == Folder && TreeRules.IsOfRecorder(text))
            content.Below.Add(text);
        else if (kind != Folder && rules.IsFootage(text))
        {
            content.Files.Add(text);
            if (!speakable)
                content.Unspeakable.Add(text);
        }
    }

    // Some file systems do not say in the listing what an entry is.
    byte KindOf(ReadOnlySpan<byte> name)
    {
        var status = stackalloc byte[PosixCalls.StatusBytes];
        fixed (byte* text = name) // its terminator stands behind it in the buffer of entries
            if (PosixCalls.StatX(_descriptor, text, PosixCalls.NotFollowed, PosixCalls.BasicFields, status) != 0)
                return Regular;
        return (byte)(*(ushort*)(status + 28) >> 12);
    }

    void ListManaged(FolderContent content, TreeRules rules)
    {
        try
        {
            foreach (var (name, isFolder, isLink) in new FileSystemEnumerable<(string, bool, bool)>(
                _path, static (ref e) => (e.FileName.ToString(), e.IsDirectory, e.Attributes.HasFlag(FileAttributes.ReparsePoint)), Everything))
            {
                if (isLink)
                    content.Links++;
                else if (isFolder && TreeRules.IsOfRecorder(name))
                    content.Below.Add(name);
                else if (!isFolder && rules.IsFootage(name))
                    content.Files.Add(name);
            }
        }
        catch (DirectoryNotFoundException)
        {
            Fail(content, FolderAnswer.Gone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(content, e is UnauthorizedAccessException ? FolderAnswer.Denied : FolderAnswer.Failed);
        }
    }

    static void Fail(FolderContent content, FolderAnswer answer)
    {
        content.Failure = answer == FolderAnswer.Denied ? "permission denied" : "it cannot be listed";
        content.Denied = answer == FolderAnswer.Denied;
    }

    FileStamp? StatFileManaged(string file, out FolderAnswer answer)
    {
        answer = FolderAnswer.Open;
        try
        {
            var info = new FileInfo(Path.Join(_path, file));
            answer = info.Exists ? FolderAnswer.Open : FolderAnswer.Gone;
            return info.Exists ? new FileStamp(info.Length, info.LastWriteTimeUtc.Ticks, 0, 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            answer = e is UnauthorizedAccessException ? FolderAnswer.Denied : FolderAnswer.Failed;
            return null;
        }
    }

    static FileStamp? StatManaged(string path, out FolderAnswer answer)
    {
        answer = FolderAnswer.Open;
        try
        {
            var info = new DirectoryInfo(path);
            answer = info.Exists ? FolderAnswer.Open : FolderAnswer.Gone;
            return info.Exists ? new FileStamp(0, info.LastWriteTimeUtc.Ticks, 0, 0) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            answer = e is UnauthorizedAccessException ? FolderAnswer.Denied : FolderAnswer.Failed;
            return null;
        }
    }

    static FolderAnswer AnswerOf(int error) => error switch
    {
        // A link, or something else than a folder, in its place: the folder is gone.
        PosixCalls.NoSuchFile or PosixCalls.NotAFolder or PosixCalls.TooManyLinks => FolderAnswer.Gone,
        PosixCalls.NotPermitted or PosixCalls.NoAccess => FolderAnswer.Denied,
        _ => FolderAnswer.Failed,
    };
}
