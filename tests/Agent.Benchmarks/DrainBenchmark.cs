using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Ledger;

namespace Agent.Benchmarks;

/// <summary>
/// How fast the real agent brings what has waited for long to the real audit server, and what that costs its rounds. The agent measures
/// all the time; the backlog begins to move when its key is pinned, and rounds before and after it are compared with those meanwhile.
/// </summary>
internal sealed class DrainBenchmark(DrainOptions options)
{
    const string Site = "HZ-0571-0001";
    const string Round = "round recordings";
    const double Target = 1.2;

    // The first round reads every file; the next few find the rest of the start.
    const int WarmUp = 3;
    const int Idle = 8;

    readonly List<(long At, double Seconds)> _rounds = [];
    long _seen;

    public async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("drain-");
        try
        {
            var (data, recordings) = (Path.Combine(folder.FullName, "data"), Path.Combine(folder.FullName, "recordings"));
            await RecordAsync(folder.FullName, recordings);
            Backlog.Fill(data, Site, options.Statements, options.Cameras);
            await using var server = await ServerProcess.StartAsync(Path.Combine(folder.FullName, "server"), postgres: null);
            using (var http = new HttpClient { BaseAddress = server.Address })
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, "keys.json"), await http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative)));
            using var agent = Start(Configure(folder.FullName, data, recordings, server.Address));
            try
            {
                await MeasureAsync(agent, data, Path.Combine(folder.FullName, "server", "agents"));
            }
            finally
            {
                using var kill = Process.Start("kill", ["-TERM", agent.Id.ToString(CultureInfo.InvariantCulture)]);
                await agent.WaitForExitAsync();
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    async Task MeasureAsync(Process agent, string data, string pins)
    {
        await UntilAsync(agent, data, () => _rounds.Count == WarmUp + Idle);
        var peakBefore = PeakOf(agent);
        Directory.CreateDirectory(pins);
        File.Copy(Path.Combine(data, "agent.jwk.json"), Path.Combine(pins, "site.jwk.json"));

        using var ledger = new LedgerReadStore(data);
        var waiting = ledger.Counts.Pending;
        await UntilAsync(agent, data, () => ledger.Counts.Receipted > 0);
        var (began, already) = (Stopwatch.GetTimestamp(), ledger.Counts.Receipted);
        await UntilAsync(agent, data, () => ledger.Counts.Receipted >= waiting);
        var (ended, sent) = (Stopwatch.GetTimestamp(), ledger.Counts.Receipted - already);
        var peak = PeakOf(agent);
        var setAside = ledger.Counts.SetAside;
        var until = _rounds.Count + 1 + Idle;
        await UntilAsync(agent, data, () => _rounds.Count == until);

        var meanwhile = _rounds.Where(round => round.At > began && round.At <= ended).Select(round => round.Seconds).ToList();
        var otherwise = _rounds.Skip(WarmUp).Where(round => round.At <= began || round.At > ended).Select(round => round.Seconds).ToList();
        var elapsed = Stopwatch.GetElapsedTime(began, ended);
        Say($"{waiting} statements waited, {sent} measured in {elapsed.TotalSeconds:F1} s: {sent / elapsed.TotalSeconds:F0} a second; {setAside} set aside");
        Say($"agent's peak memory    {peakBefore >> 10} MB before, {peak >> 10} MB after");
        Say($"a round (median of {otherwise.Count}) {Median(otherwise) * 1000:F0} ms otherwise, {Median(meanwhile) * 1000:F0} ms (median of {meanwhile.Count}) meanwhile");
        Say($"ratio                  {Median(meanwhile) / Median(otherwise):F2} (target: below {Target})");
        Say($"load of the machine    {(await File.ReadAllTextAsync("/proc/loadavg")).Trim()}, {Environment.ProcessorCount} processors");
    }

    // Rounds are told in the status file, which is at most ten seconds old: each is seen once.
    async Task UntilAsync(Process agent, string data, Func<bool> isSo)
    {
        while (!isSo())
        {
            if (agent.HasExited)
                throw new InvalidOperationException($"The agent ended with {agent.ExitCode}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
            NoteRound(Path.Combine(data, "status.json"));
        }
    }

    void NoteRound(string file)
    {
        if (!File.Exists(file))
            return;
        using var status = JsonDocument.Parse(File.ReadAllBytes(file));
        var round = status.RootElement.GetProperty("jobs").EnumerateArray().Single(job => job.GetProperty("job").GetString() == Round);
        var runs = round.GetProperty("runs").GetInt64();
        if (runs == _seen || runs == 0)
            return;
        _seen = runs;
        var ago = round.GetProperty("lastRunSecondsAgo").GetDouble();
        _rounds.Add((Stopwatch.GetTimestamp() - (long)(ago * Stopwatch.Frequency), round.GetProperty("lastRunSeconds").GetDouble()));
    }

    async Task RecordAsync(string folder, string recordings)
    {
        var clip = Path.Combine(folder, "clip.mp4");
        using (var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1/30", "-t", "1800", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", clip]))
            await ffmpeg.WaitForExitAsync();
        var now = TimeProvider.System.GetUtcNow();
        for (var i = options.Days * 48; i > 0; i--)
            foreach (var camera in Enumerable.Range(1, options.Cameras))
            {
                var begin = now.AddMinutes(-30 * i);
                var hour = Path.Combine(recordings, string.Create(CultureInfo.InvariantCulture, $"{begin:yyyy-MM-dd}"), string.Create(CultureInfo.InvariantCulture, $"{begin:HH}"), $"camera_{camera}");
                Directory.CreateDirectory(hour);
                File.Copy(clip, Path.Combine(hour, string.Create(CultureInfo.InvariantCulture, $"{begin:mm'.'ss}.mp4")));
            }
    }

    static string Configure(string folder, string data, string recordings, Uri server)
    {
        var file = Path.Combine(folder, "agent.json");
        File.WriteAllText(file, new JsonObject
        {
            ["site"] = new JsonObject { ["id"] = Site, ["timeZone"] = "Asia/Shanghai" },
            ["dataDirectory"] = data,
            ["rounds"] = new JsonObject { ["every"] = "00:00:10" },
            ["upstream"] = new JsonObject { ["url"] = server.AbsoluteUri, ["receiptKeys"] = Path.Combine(folder, "keys.json"), ["tickEvery"] = "00:00:10" },
            ["recorders"] = new JsonArray(new JsonObject { ["id"] = "recordings", ["path"] = recordings }),
        }.ToJsonString());
        return file;
    }

    static Process Start(string configuration)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "retention-agent"), ["run", "--config", configuration]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    // Kilobytes: the highest the kernel has seen.
    static long PeakOf(Process process) => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))["VmHWM:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
