using System.Diagnostics;
using System.Globalization;
using Agent.Probing.Files;
using Agent.Probing.Files.Volumes;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Volumes;

sealed class ReadingThreadsTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Test]
    public async Task What_stands_still_is_given_up_and_no_second_thread_is_sent_after_it()
    {
        using var gate = new ManualResetEventSlim();
        var threads = new ReadingThreads(TimeProvider.System);
        Assert.That(await threads.RunAsync("nas", Patience, (_, _) => Held(gate), CancellationToken.None), Is.Null);
        Assert.That(threads.IsOut("nas"), Is.True);

        var began = 0;
        Assert.That(await threads.RunAsync("nas", Patience, (_, _) => $"{++began}", CancellationToken.None), Is.Null);
        Assert.That(began, Is.Zero);
        Assert.That(await threads.RunAsync("disk", Patience, (_, _) => "read", CancellationToken.None), Is.EqualTo("read"));

        gate.Set();
        Assert.That(SpinWait.SpinUntil(() => !threads.IsOut("nas"), TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(await threads.RunAsync("nas", Patience, (_, _) => "back", CancellationToken.None), Is.EqualTo("back"));
    }

    [Test]
    public async Task What_moves_is_waited_for_however_long_it_takes()
    {
        var read = await new ReadingThreads(TimeProvider.System).RunAsync("slow", TimeSpan.FromSeconds(2), (pulse, give) =>
        {
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(5);)
            {
                pulse.Beat();
                give.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(100));
            }

            return give.IsCancellationRequested ? "given up" : "read";
        }, CancellationToken.None);
        Assert.That(read, Is.EqualTo("read"));
    }

    [Test]
    [Platform("Linux")]
    public async Task Whoever_has_the_processor_moves_though_it_reports_nothing()
    {
        var read = await new ReadingThreads(TimeProvider.System).RunAsync("busy", TimeSpan.FromSeconds(2), (_, give) =>
        {
            var sum = 0L;
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(5) && !give.IsCancellationRequested;)
                sum += watch.ElapsedTicks & 1;
            return give.IsCancellationRequested ? "given up" : $"read {sum >= 0}";
        }, CancellationToken.None);
        Assert.That(read, Is.EqualTo("read True"));
    }

    [Test]
    public void A_stop_does_not_wait_for_what_hangs()
    {
        using var gate = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.That(async () => await new ReadingThreads(TimeProvider.System).RunAsync("nas", TimeSpan.FromHours(1), (_, _) => Held(gate), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        gate.Set();
    }

    [Test]
    public void What_fails_of_itself_fails_for_whoever_waits() =>
        Assert.That(async () => await new ReadingThreads(TimeProvider.System).RunAsync<string>("bug", Patience, (_, _) => throw new InvalidOperationException("ours"), CancellationToken.None),
            Throws.InvalidOperationException.With.Message.EqualTo("ours"));

    [Test]
    [Platform("Linux")]
    public async Task A_thread_that_reads_gives_way_and_so_do_those_it_starts()
    {
        var mine = NiceOf(Stat());
        var seen = await new ReadingThreads(TimeProvider.System).RunAsync("quiet", Patience, (_, _) =>
        {
            var child = "";
            var thread = new Thread(() => child = Priority());
            thread.Start();
            thread.Join();
            return new[] { Stat(), Priority(), child };
        }, CancellationToken.None);
        Assert.That(NiceOf(seen![0]), Is.EqualTo(Math.Max(mine, 10)));
        Assert.That(seen[1], Is.EqualTo("idle").Or.EqualTo(""));
        Assert.That(seen[2], Is.EqualTo(seen[1]));
        Assert.That(NiceOf(Stat()), Is.EqualTo(mine), "nobody else is lowered");
        if (seen[1].Length == 0)
            Assert.Ignore("ionice is needed to see the priority of reading");
    }

    [Test]
    public void A_budget_spreads_what_is_opened_and_saves_nothing_up()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("one.mp4", "x");
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        ReadBudget.Begin(10, time, CancellationToken.None);
        var opened = 0;
        var opening = new Thread(() =>
        {
            for (; opened < 40; Interlocked.Increment(ref opened))
                QuietFile.Open(file).Dispose();
        }) { IsBackground = true };
        opening.Start();
        ReadBudget.Begin(0, time, CancellationToken.None);

        // Nothing more comes without time passing, and after a long pause no more than otherwise.
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref opened) > 1, TimeSpan.FromMilliseconds(500)), Is.False);
        for (var turns = 0; turns < 100 && opening.IsAlive; turns++)
        {
            var before = Volatile.Read(ref opened);
            time.Advance(TimeSpan.FromMilliseconds(100));
            SpinWait.SpinUntil(() => Volatile.Read(ref opened) != before, TimeSpan.FromMilliseconds(200));
            Assert.That(Volatile.Read(ref opened) - before, Is.LessThanOrEqualTo(2));
        }

        Assert.That(opening.Join(TimeSpan.FromSeconds(30)), Is.True);
    }

    static string Held(ManualResetEventSlim gate)
    {
        gate.Wait();
        return "late";
    }

    static string Stat() => File.ReadAllText("/proc/thread-self/stat");

    // The nineteenth figure; the second is a name in parentheses that may hold anything.
    static int NiceOf(string stat) => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);

    static string Priority()
    {
        try
        {
            var start = new ProcessStartInfo("ionice") { RedirectStandardOutput = true, ArgumentList = { "-p", File.ResolveLinkTarget("/proc/thread-self", false)!.Name } };
            using var process = Process.Start(start)!;
            return process.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }
}
