using System.Diagnostics;
using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>How long a first inventory, a round over an unchanged tree and the daily listing take, as multiples of what other programs take in the same run.</summary>
internal sealed class FilesBenchmark(FilesOptions options)
{
    const int Sample = 2000;
    const int FfprobeSample = 20;

    public int Run()
    {
        var folder = Directory.CreateDirectory(Path.Combine(options.Folder, $"files-benchmark-{Environment.ProcessId}"));
        try
        {
            var (root, list) = (Path.Combine(folder.FullName, "recordings"), Path.Combine(folder.FullName, "list"));
            var clock = Stopwatch.StartNew();
            SegmentTree.Build(root, options.Files);
            Say($"{options.Files} segments of {new FileInfo($"{root}.mp4").Length} bytes, built in {clock.Elapsed.TotalSeconds:F0} s; medians of {options.Times}");
            var peers = new FilePeers(folder.FullName);

            var isCold = DropCaches();
            var (loopCold, listCold, inventoryCold) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
            var (loop, listing, folders, sizes) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
            var (inventory, round, daily, opening, check) = (new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>(), new List<TimeSpan>());
            long peak = 0, peakOfRound = 0;
            FilePeers.List(root, list);
            for (var i = 0; i < options.Times; i++)
            {
                if (isCold)
                {
                    listCold.Add(Cold(() => FilePeers.List(root, list)));
                    loopCold.Add(Cold(() => peers.Loop(list)));
                    inventoryCold.Add(Cold(() => Look("inventory", root, Data(folder))["inventory"]));
                }

                listing.Add(FilePeers.List(root, list));
                loop.Add(peers.Loop(list));
                var data = Data(folder);
                var first = Look("inventory", root, data, ref peak);
                inventory.Add(first["inventory"]);
                folders.Add(FilePeers.Folders(root));
                sizes.Add(FilePeers.SizesAndTimes(root));
                var later = Look("round", root, data, ref peakOfRound);
                round.Add(later["round"]);
                daily.Add(later["listing"]);
                opening.Add(later["opening"]);
                check.Add(Look("check", root, data)["inventory"]);
            }

            Report("first inventory, cold", inventoryCold, "open, fstat, pread, close + find -printf", [.. loopCold.Zip(listCold, (a, b) => a + b)], 1.3);
            Report("first inventory, warm", inventory, "open, fstat, pread, close + find -printf", [.. loop.Zip(listing, (a, b) => a + b)], 2);
            Report("check without an index, warm", check, "open, fstat, pread, close + find -printf", [.. loop.Zip(listing, (a, b) => a + b)], 2);
            Report("round, nothing changed", round, "first inventory, warm", inventory, 0.01);
            Report("round, nothing changed", round, "find -type d -printf '%T@'", folders, 2);
            Report("daily listing of all at once", daily, "find -printf '%s %T@'", sizes, 2);
            Report("first look after a restart", opening, "first inventory, warm", inventory, 1);
            OfOthers(peers, list, Median(inventory) / options.Files);
            Say($"peak resident              {peak / 1024.0:F1} MB in the inventory, {peakOfRound / 1024.0:F1} MB in rounds and listing (target: at most 120 MB)");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    void OfOthers(FilePeers peers, string list, TimeSpan ours)
    {
        var paths = File.ReadLines(list).Take(Math.Min(Sample, options.Files)).ToList();
        var some = $"{list}-some";
        File.WriteAllLines(some, paths);
        if (peers.Libavformat is { } libavformat)
            PerFile("libavformat in process", Benchmarks.Run.Of(libavformat, some).Took / paths.Count, ours, 20);
        else
            Say($"libavformat                not installed");
        var clock = Stopwatch.StartNew();
        foreach (var path in paths.Take(FfprobeSample))
            Benchmarks.Run.Of("ffprobe", "-v", "error", "-show_entries", "format=duration", path);
        PerFile("ffprobe", clock.Elapsed / Math.Min(FfprobeSample, paths.Count), ours, 1000);
    }

    static void PerFile(string name, TimeSpan theirs, TimeSpan ours, int target) =>
        Say($"{name,-26} {theirs.TotalMicroseconds:F0} us a file, {theirs / ours:F0} times ours of {ours.TotalMicroseconds:F2} us (target: at least {target} times)");

    static void Report(string what, List<TimeSpan> ours, string peer, List<TimeSpan> theirs, double target)
    {
        if (ours.Count == 0)
            Say($"{what,-28} not measured: caches may not be dropped here");
        else
            Say($"{what,-28} {Median(ours).TotalSeconds:F3} s, {Median(ours) / Median(theirs):F3} times {peer} of {Median(theirs).TotalSeconds:F3} s (target: at most {target})");
    }

    static Dictionary<string, TimeSpan> Look(string what, string root, string data)
    {
        long peak = 0;
        return Look(what, root, data, ref peak);
    }

    static Dictionary<string, TimeSpan> Look(string what, string root, string data, ref long peak)
    {
        var lines = Benchmarks.Run.Of(Environment.ProcessPath!, "files-look", what, root, data).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(line => line[0], line => double.Parse(line[1], CultureInfo.InvariantCulture));
        peak = Math.Max(peak, (long)lines["peak"]);
        return lines.Where(l => l.Key is not ("peak" or "segments")).ToDictionary(l => l.Key, l => TimeSpan.FromSeconds(l.Value));
    }

    static string Data(DirectoryInfo folder) => folder.CreateSubdirectory(Path.GetRandomFileName()).FullName;

    static TimeSpan Cold(Func<TimeSpan> measure)
    {
        DropCaches();
        return measure();
    }

    static bool DropCaches() => Benchmarks.Run.IsThere("/bin/sh", "-c", "sync; echo 3 > /proc/sys/vm/drop_caches");

    static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
