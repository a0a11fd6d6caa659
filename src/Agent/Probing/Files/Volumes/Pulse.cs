namespace Agent.Probing.Files.Volumes;

/// <summary>Whether a thread that reads still moves: what it reports, and where Linux says so, the time it has had a processor.</summary>
internal sealed class Pulse
{
    long _beats;
    string? _times;

    /// <summary>Changes as long as it moves.</summary>
    public long Count => Interlocked.Read(ref _beats) + ProcessorTime();

    /// <summary>It got on.</summary>
    public void Beat() => Interlocked.Increment(ref _beats);

    /// <summary>Called on the thread itself, before it reads.</summary>
    public void Begin()
    {
        if (OperatingSystem.IsLinux() && File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false) is { } self)
            Volatile.Write(ref _times, $"/proc/self/task/{self.Name}/schedstat");
    }

    // The first figure is nanoseconds on a processor. A thread that waits for a disk that does not answer has none.
    long ProcessorTime()
    {
        if (Volatile.Read(ref _times) is not { } file)
            return 0;
        try
        {
            return long.TryParse(File.ReadAllText(file).AsSpan().Trim() is var text && text.IndexOf(' ') is > 0 and var end ? text[..end] : text, out var nanoseconds) ? nanoseconds : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
