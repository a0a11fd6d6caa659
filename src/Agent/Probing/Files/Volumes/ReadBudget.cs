namespace Agent.Probing.Files.Volumes;

/// <summary>
/// How many files may be opened in a second. It belongs to a flow of work, wherever that goes: every file opened quietly within
/// <see cref="Begin"/> counts, and waits for its turn.
/// </summary>
internal sealed class ReadBudget(int filesPerSecond, TimeProvider time, CancellationToken cancel)
{
    // Waits shorter than this are not worth a thread's sleep; they add up until they are.
    static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);

    static readonly AsyncLocal<ReadBudget?> Current = new();

    readonly TimeSpan _each = TimeSpan.FromSeconds(1.0 / filesPerSecond);
    readonly Lock _lock = new();
    readonly long _began = time.GetTimestamp();
    TimeSpan _due;

    /// <summary>From here on the current flow keeps to a budget; to none when <paramref name="filesPerSecond"/> is 0.</summary>
    public static void Begin(int filesPerSecond, TimeProvider time, CancellationToken cancel) =>
        Current.Value = filesPerSecond > 0 ? new ReadBudget(filesPerSecond, time, cancel) : null;

    /// <summary>Whether the current flow keeps to one.</summary>
    public static bool IsSet => Current.Value is not null;

    /// <summary>A file is about to be opened.</summary>
    public static void Spend() => Current.Value?.Wait();

    void Wait()
    {
        TimeSpan ahead;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_began);
            // What was not used is not saved up: a pause is no leave for a rush afterwards.
            _due = (_due > now ? _due : now) + _each;
            ahead = _due - now;
        }

        if (ahead >= ShortestWait)
            Task.Delay(ahead, time, cancel).GetAwaiter().GetResult();
    }
}
