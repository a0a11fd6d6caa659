namespace Demo;

/// <summary>Waits for what must come: looks again and again until a deadline, and gives up at once when a program has ended.</summary>
internal sealed class Patience(TimeProvider time)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first answer that is not null.</summary>
    /// <exception cref="DemoFailedException">It did not come in time, or one of the programs ended.</exception>
    public async Task<T> For<T>(string what, Func<Task<T?>> look, TimeSpan within, IReadOnlyCollection<ChildProgram> programs, CancellationToken cancel)
        where T : class
    {
        var since = time.GetTimestamp();
        while (true)
        {
            if (programs.FirstOrDefault(p => p.HasEnded) is { } ended)
                throw new DemoFailedException($"{ended.Name} ended while the demo waited for {what}; it says why in {ended.LogFile}");
            if (await look() is { } answer)
                return answer;
            if (time.GetElapsedTime(since) > within)
                throw new DemoFailedException($"{what} did not come within {within.TotalSeconds:0} s; see {string.Join(" and ", programs.Select(p => p.LogFile))}");
            await Task.Delay(Pause, time, cancel);
        }
    }
}
