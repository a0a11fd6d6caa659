using System.Runtime.InteropServices;
using Agent.Probing.Files.Volumes;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// A folder of the recorder held open: listed, and its files looked at by their names alone. On Linux a name swapped for a link
/// meanwhile leads nowhere else; elsewhere it is a path.
/// </summary>
internal sealed unsafe class OpenFolder : IDisposable
{
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
            return PathFolder.Stat(path, out answer);
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
        var answer = _descriptor < 0 ? PathFolder.List(_path, content, rules)
            : new FolderEntries(_descriptor, rules).List(content) is not 0 and var error ? AnswerOf(error)
            : FolderAnswer.Open;
        if (answer != FolderAnswer.Open)
            content.Failure = answer == FolderAnswer.Denied ? "permission denied" : "it cannot be listed";
        content.Denied = answer == FolderAnswer.Denied;
        content.Sort();
        return content;
    }

    /// <summary>The fingerprint of what is in it, which can be taken instead of a listing, and once; null when it is not to be had.</summary>
    public UInt128? Fingerprint(TreeRules rules) => _descriptor < 0 ? null : new FolderEntries(_descriptor, rules).Fingerprint();

    /// <summary>The stamp of a file in it; null when there is none, with the reason.</summary>
    public FileStamp? StatFile(string file, out FolderAnswer answer)
    {
        answer = FolderAnswer.Open;
        if (_descriptor < 0)
            return PathFolder.StatFile(Path.Join(_path, file), out answer);
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

    static FolderAnswer AnswerOf(int error) => error switch
    {
        // A link, or something else than a folder, in its place: the folder is gone.
        PosixCalls.NoSuchFile or PosixCalls.NotAFolder or PosixCalls.TooManyLinks => FolderAnswer.Gone,
        PosixCalls.NotPermitted or PosixCalls.NoAccess => FolderAnswer.Denied,
        _ => FolderAnswer.Failed,
    };
}
