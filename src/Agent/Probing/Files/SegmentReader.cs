using Agent.Probing.Files.Containers;
using Microsoft.Win32.SafeHandles;

namespace Agent.Probing.Files;

/// <summary>What one look into a file gave.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="LastWritten">When it was last written; the epoch when that could not be read.</param>
/// <param name="Container">What the container says.</param>
/// <param name="Failure">Why it could not be opened; null when it could.</param>
/// <param name="Gone">It vanished between listing and opening: the recorder deleted it, which is its business.</param>
internal readonly record struct FileLook(long Length, DateTimeOffset LastWritten, ContainerReading Container, string? Failure, bool Gone);

/// <summary>Opens footage so that its recorder does not notice: it may write, rename and delete while we read.</summary>
internal static class SegmentReader
{
    public static FileLook Look(string path, CancellationToken cancel)
    {
        try
        {
            using var file = QuietFile.Open(path);
            return Look(file, cancel);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A name that is not UTF-8 cannot be spelled, so it is never found again; that is not the recorder's doing.
            return path.Contains('\uFFFD', StringComparison.Ordinal) ? Failed("its name is not UTF-8") : new FileLook(0, default, default, null, Gone: true);
        }
        catch (NotSupportedException)
        {
            return Failed("it is not a regular file"); // a pipe or a socket has no bytes at places
        }
        catch (UnauthorizedAccessException)
        {
            return Failed("permission denied");
        }
        catch (IOException e)
        {
            return Failed(e.HResult == 0 ? "it cannot be read" : $"it cannot be read (error {e.HResult & 0xffff})");
        }
    }

    static FileLook Look(SafeFileHandle file, CancellationToken cancel)
    {
        var length = RandomAccess.GetLength(file);
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(file));
        return new FileLook(length, written, ContainerReader.Read(file, length, cancel), null, Gone: false);
    }

    static FileLook Failed(string reason) => new(0, DateTimeOffset.UnixEpoch, default, reason, Gone: false);
}
