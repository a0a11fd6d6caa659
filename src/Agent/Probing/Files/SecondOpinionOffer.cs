namespace Agent.Probing.Files;

/// <summary>A file that ffprobe may be asked about, and what we read of it.</summary>
internal readonly record struct SecondOpinionOffer(string Camera, FootageFile File, FileLook Look)
{
    /// <summary>Whether it still holds the bytes we read. A recorder that writes on or deletes proves nobody wrong.</summary>
    public bool IsAsRead()
    {
        try
        {
            var now = new FileInfo(File.FullPath);
            return now.Exists && now.Length == Look.Length && now.LastWriteTimeUtc == Look.LastWritten.UtcDateTime;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
