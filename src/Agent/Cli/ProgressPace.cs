using System.Globalization;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>
/// What is told of the progress of a look: camera, files, how many a second, and how long it takes yet. That is told only where it is
/// known how many files there are; where it is not, how long it has taken.
/// </summary>
internal sealed class ProgressPace(TimeProvider time)
{
    // Of the first moments no rate can be told: the first files are found in memory, or a disk begins to turn.
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    readonly long _began = time.GetTimestamp();
    long _total;

    /// <summary>How many files there are, from when on that is known.</summary>
    public void Know(long total) => Volatile.Write(ref _total, total);

    /// <summary>In one line.</summary>
    public string Words(ProbeProgress progress)
    {
        var (elapsed, total) = (time.GetElapsedTime(_began), Volatile.Read(ref _total));
        // More than were counted were written since, or are none of the layout's: then the count says nothing any more.
        var isKnown = total >= progress.Files && total > 0;
        var words = new List<string>();
        if (progress.Camera is { } camera)
            words.Add(Printable.Text(camera));
        words.Add(isKnown ? $"{Number(progress.Files)} of {Number(total)} files" : $"{Number(progress.Files)} files");
        if (elapsed < Settled)
            return string.Join(", ", words);
        var rate = progress.Files / elapsed.TotalSeconds;
        words.Add($"{Number((long)Math.Round(rate))} a second");
        words.Add(isKnown && rate > 0 ? $"about {Clock(TimeSpan.FromSeconds((total - progress.Files) / rate))} left" : $"{Clock(elapsed)} so far");
        return string.Join(", ", words);
    }

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Clock(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours}:{span:mm\\:ss}");
}
