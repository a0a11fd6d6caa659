using System.Collections.Concurrent;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// Runs whatever reads a recorder's disk, each on a thread of its own. A volume that stops answering holds up that thread and nothing
/// else: whoever waits is told, and until the thread comes back no second one is sent after it.
/// </summary>
internal sealed class ReadingThreads(TimeProvider time)
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);

    readonly ConcurrentDictionary<string, Task> _outstanding = new(StringComparer.Ordinal);

    /// <summary>Whether something of this name has not come back.</summary>
    public bool IsOut(string name) => _outstanding.TryGetValue(name, out var task) && !task.IsCompleted;

    /// <summary>Reads, quietly, and waits as long as it moves.</summary>
    /// <param name="name">Of what is read; at most one thread is out for each.</param>
    /// <param name="patience">How long it may stand still.</param>
    /// <param name="read">What reads; told when to give up, in case it ever comes back.</param>
    /// <param name="cancel">Ends the waiting at once.</param>
    /// <returns>What was read; null when it stands still, or one before does not come back for as long.</returns>
    public async Task<T?> RunAsync<T>(string name, TimeSpan patience, Func<Pulse, CancellationToken, T> read, CancellationToken cancel)
        where T : class
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var token = abandoned.Token;
        var pulse = new Pulse();
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!TryEnter(name, done.Task, out var before))
            // It may just be at work, for another recorder of the same volume: it is given as long as a new one would have.
            if (await StandsStillAsync(before, new Pulse(), patience, cancel))
                return null;

        var thread = new Thread(() => Read(pulse, read, done, token)) { IsBackground = true, Name = name };
        thread.Start();
        if (await StandsStillAsync(done.Task, pulse, patience, cancel))
        {
            await abandoned.CancelAsync();
            return null;
        }

        return await done.Task;
    }

    // A machine that slept, or had no time for us either, has not shown that anything stands still: no glance counts for more than two.
    async Task<bool> StandsStillAsync(Task done, Pulse pulse, TimeSpan patience, CancellationToken cancel)
    {
        var (beats, glanced, still) = (pulse.Count, time.GetTimestamp(), TimeSpan.Zero);
        while (await Task.WhenAny(done, Task.Delay(Glance, time, cancel)) != done)
        {
            cancel.ThrowIfCancellationRequested();
            var passed = time.GetElapsedTime(glanced);
            glanced = time.GetTimestamp();
            still += passed < 2 * Glance ? passed : 2 * Glance;
            if (pulse.Count is var now && now != beats)
                (beats, still) = (now, TimeSpan.Zero);
            else if (still >= patience)
                return true;
        }

        return false;
    }

    bool TryEnter(string name, Task task, out Task before)
    {
        while (true)
        {
            before = _outstanding.GetOrAdd(name, task);
            if (before == task)
                return true;
            if (!before.IsCompleted)
                return false;
            if (_outstanding.TryUpdate(name, task, before))
                return true;
        }
    }

    static void Read<T>(Pulse pulse, Func<Pulse, CancellationToken, T> read, TaskCompletionSource<T> done, CancellationToken cancel)
    {
        try
        {
            QuietThread.Lower();
            pulse.Begin();
            done.SetResult(read(pulse, cancel));
        }
        catch (OperationCanceledException e)
        {
            done.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }
}
