using Agent.Probing.Files.Volumes;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

sealed class QuietSchedulerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    [Platform("Linux")]
    public async Task Its_threads_give_way()
    {
        // proc_pid_stat(5): behind the name in brackets the seventeenth field is the nice value.
        var nice = await Task.Factory.StartNew(
            () => File.ReadAllText("/proc/thread-self/stat") is var stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16] : "", CancellationToken.None, TaskCreationOptions.None, QuietScheduler.Shared).WaitAsync(Patience);

        Assert.That(int.Parse(nice, null), Is.GreaterThanOrEqualTo(10));
    }

    [Test]
    public async Task Whoever_waits_for_helpers_that_hang_does_the_work_itself()
    {
        var scheduler = new QuietScheduler();
        using var release = new ManualResetEventSlim();
        var hung = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => release.Wait(Patience), CancellationToken.None, TaskCreationOptions.None, scheduler)).ToList();
        var sum = 0;

        var work = Task.Run(() => Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 2, TaskScheduler = scheduler }, i => Interlocked.Add(ref sum, i)));
        await work.WaitAsync(Patience);

        Assert.That(sum, Is.EqualTo(499_500));
        release.Set();
        await Task.WhenAll(hung).WaitAsync(Patience);
    }
}
