using Agent.Probing.Files.Containers;
using Agent.Probing.Files.Indexing;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files;

/// <summary>Opens footage so that its recorder does not notice: it may write, rename and delete while we read.</summary>
internal static class SegmentReader
{
    /// <summary>Why a file whose name cannot be spelled is not read.</summary>
    public const string NameNotUtf8 = "its name is not UTF-8";

    /// <summary>Opens and reads a file that has its own header.</summary>
    public static FileLook Look(string path, CancellationToken cancel) => Look(path, default, cancel);

    /// <summary>Opens and reads a file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="init">The header of its fragments where that is a file of its own; empty otherwise.</param>
    /// <param name="cancel">Ends it early.</param>
    public static FileLook Look(string path, ReadOnlyMemory<byte> init, CancellationToken cancel)
    {
        try
        {
            using var file = QuietFile.Open(path);
            return Look(file, new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks, 0, 0), init, cancel);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A name that is not UTF-8 cannot be spelled, so it is never found again; that is not the recorder's doing.
            return path.Contains('\uFFFD', StringComparison.Ordinal) ? FileLook.Failed(NameNotUtf8) : FileLook.IsGone;
        }
        catch (NotSupportedException)
        {
            return FileLook.Failed("it is not a regular file"); // a pipe or a socket has no bytes at places
        }
        catch (UnauthorizedAccessException)
        {
            return FileLook.Failed("permission denied");
        }
        catch (IOException e)
        {
            return FileLook.Failed(e.HResult == 0 ? "it cannot be read" : $"it cannot be read (error {e.HResult & 0xffff})");
        }
    }

    /// <summary>Reads an open file as it was when its stamp was taken.</summary>
    public static FileLook Look(SafeFileHandle file, FileStamp stamp, ReadOnlyMemory<byte> init, CancellationToken cancel) =>
        new(stamp.Size, stamp.LastWritten, init.IsEmpty ? ContainerReader.Read(file, stamp.Size, cancel) : ContainerReader.Read(file, stamp.Size, init, cancel), null, Gone: false) { Stamp = stamp };
}
