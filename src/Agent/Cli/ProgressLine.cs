using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>One line on a terminal's stderr that is written over; nothing when it is piped.</summary>
internal sealed class ProgressLine(string recorder, TimeProvider time) : IProgress<ProbeProgress>, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // What does not fit would wrap, and a second line is not written over.
    const int UsualWidth = 79;

    readonly ProgressPace _pace = new(time);
    long _last = time.GetTimestamp();
    bool _written;

    /// <summary>Whether somebody can see it.</summary>
    public bool IsShown { get; } = !Console.IsErrorRedirected;

    /// <summary>How many files there are.</summary>
    public void Know(long total) => _pace.Know(total);

    public void Report(ProbeProgress value)
    {
        if (!IsShown || time.GetElapsedTime(_last) < Pause)
            return;
        _last = time.GetTimestamp();
        _written = true;
        var line = $"{recorder}: {_pace.Words(value)}, {Printable.Text(value.RelativePath)}";
        Console.Error.Write($"\r\u001b[K{(line.Length > UsualWidth ? $"{line[..(UsualWidth - 1)]}…" : line)}");
    }

    public void Dispose()
    {
        if (_written)
            Console.Error.Write("\r\u001b[K");
    }
}
