using System.Collections.Concurrent;

namespace Agent.Probing.Files.Volumes;

/// <summary>
/// Threads that help one that reads, and give way to everybody as it does; those of the common pool do not. Whoever waits for help that
/// has not begun does the work itself, so that a helper on a disk that hangs holds up nobody else.
/// </summary>
internal sealed class QuietScheduler : TaskScheduler
{
    const int Helpers = 2;

    readonly BlockingCollection<Task> _work = [];
    int _begun;

    /// <summary>The one of this process.</summary>
    public static QuietScheduler Shared { get; } = new();

    public override int MaximumConcurrencyLevel => Helpers;

    protected override void QueueTask(Task task)
    {
        _work.Add(task);
        if (Interlocked.Increment(ref _begun) <= Helpers)
            new Thread(Help) { IsBackground = true, Name = "reading beside" }.Start();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [.. _work];

    void Help()
    {
        QuietThread.Lower();
        foreach (var task in _work.GetConsumingEnumerable())
            TryExecuteTask(task);
    }
}
