using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>One line on a terminal's stderr that is written over; nothing when it is piped.</summary>
internal sealed class ProgressLine(string recorder, TimeProvider time) : IProgress<ProbeProgress>, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly bool _silent = Console.IsErrorRedirected;
    long _last = time.GetTimestamp();
    bool _written;

    public void Report(ProbeProgress value)
    {
        if (_silent || time.GetElapsedTime(_last) < Pause)
            return;
        _last = time.GetTimestamp();
        _written = true;
        Console.Error.Write($"\r\u001b[K{recorder}: {value.Files} files, {Printable.Text(value.RelativePath)}");
    }

    public void Dispose()
    {
        if (_written)
            Console.Error.Write("\r\u001b[K");
    }
}
