using System.Diagnostics;
using System.Globalization;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Files.Indexing;
using Agent.Recorders;

namespace Agent.Benchmarks;

/// <summary>What a process of its own measures: one inventory, or rounds and the daily listing over a tree that did not change.</summary>
internal static class FilesLook
{
    const int Rounds = 5;

    /// <summary>Prints what was looked at and how long it took inside: "inventory S", or "round S" and "listing S"; "peak KB".</summary>
    public static int Of(string what, string root, string data)
    {
        using var indexes = new DirectoryIndexes(data);
        var time = new LaterTime();
        var probe = new FilesProbe(time, new SecondOpinion(time, new SecondOpinionOptions { FilesPerLook = 0 }), what == "check" ? null : indexes);
        var recorder = new Recorder("r", root, "frigate", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
        var clock = Stopwatch.StartNew();
        var outcome = Look();
        Say(what == "round" ? "opening" : "inventory", clock.Elapsed);
        if (what == "round")
        {
            // The first may still meet folders that were younger than a look can trust.
            Look();
            var rounds = Enumerable.Range(0, Rounds).Select(_ => Timed(Look)).Order().ToList();
            Say("round", rounds[Rounds / 2]);
            time.By = TimeSpan.FromHours(25);
            Say("listing", Timed(Look));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"segments {outcome.Cameras.Sum(c => c.Segments)}"));
        Console.WriteLine($"peak {File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]}");
        return 0;

        ProbeOutcome Look() => probe.Look(recorder, null, null, CancellationToken.None) is { Failed: false } seen ? seen : throw new InvalidOperationException("The look failed.");
    }

    static TimeSpan Timed(Func<ProbeOutcome> look)
    {
        var clock = Stopwatch.StartNew();
        look();
        return clock.Elapsed;
    }

    static void Say(string what, TimeSpan took) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {took.TotalSeconds}"));

    /// <summary>The system's clock, or a later one.</summary>
    sealed class LaterTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}
