using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// The ledger's own system calls, one after the other: at each the process is killed, or the disk reports an error, once or from then
/// on. What was acknowledged must be there when the ledger is opened again, and opening must always work. Every tenth call of the
/// first 200; <c>RETENTION_SYSCALL_STEP=1</c> takes every one.
/// </summary>
[Platform("Linux")]
internal sealed class SyscallTests : IDisposable
{
    const int Last = 200;

    // As many entries, ticks, heartbeats and receipts as sync 200 times.
    const string Writes = "140";

    static readonly int Step = Campaign.Setting("RETENTION_SYSCALL_STEP", 10);

    // The runtime makes none of these itself, so that they are all the ledger's and its companions'.
    static readonly string[] Calls = ["fsync", "pwrite64"];

    readonly TemporaryFolder _folder = new();

    [TestCase("signal=SIGKILL", "")]
    [TestCase("error=EIO", "")]
    [TestCase("error=ENOSPC", "")]
    [TestCase("error=EIO", "+")]
    public async Task Whichever_call_fails_what_was_acknowledged_is_there_and_the_ledger_opens(string fault, string andAfter)
    {
        Programs.Require("strace");
        await CaptiveProcess.RunAsync(Programs.LedgerDriver, ["write", Template, "0"]);
        foreach (var ledger in Directory.GetFiles(Template, "ledger*"))
            File.Delete(ledger); // the key alone is common to all

        var runs = new List<SyscallRun>();
        foreach (var call in Calls)
            foreach (var n in Indexes())
                runs.Add(await RunAsync(call, fault, $"{n}{andAfter}"));

        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var some in runs.Chunk(50))
            Sort((await CaptiveProcess.RunAsync(Programs.LedgerDriver, ["look", .. some.Select(run => run.Folder)])).Output, found);
        foreach (var run in runs)
            AssertHolds(run, found[run.Folder]);
        if (andAfter.Length > 0)
            foreach (var (run, n) in runs.Zip(Calls.SelectMany(_ => Indexes())))
                Assert.That(run.Acknowledged, Has.Count.LessThan(n), $"{run.Folder}: acknowledged without a call that succeeded");
        Tell($"{fault}{andAfter}", runs, found);
    }

    public void Dispose() => _folder.Dispose();

    string Template => Path.Combine(_folder.Path, "template");

    static IEnumerable<int> Indexes() => Enumerable.Range(1, Last / Step).Select(i => i * Step);

    async Task<SyscallRun> RunAsync(string call, string fault, string when)
    {
        var place = Path.Combine(_folder.Path, $"{call}-{when}");
        Directory.CreateDirectory(place);
        foreach (var file in Directory.GetFiles(Template))
            File.Copy(file, Path.Combine(place, Path.GetFileName(file)));

        // With the calls filtered in the kernel, which is faster, no signal arrives.
        var trace = place + ".trace";
        string[] quick = fault.StartsWith("error", StringComparison.Ordinal) ? ["--seccomp-bpf"] : [];
        var ended = await CaptiveProcess.RunAsync("strace", ["-f", "-qq", .. quick, "-o", trace, "-e", $"trace={call}", "-e", $"inject={call}:{fault}:when={when}", Programs.LedgerDriver, "write", place, Writes]);
        var traced = await File.ReadAllTextAsync(trace);
        Assert.That(traced, Does.Contain(fault.StartsWith("error", StringComparison.Ordinal) ? "(INJECTED)" : "killed by SIGKILL"), $"{call} {when} was never reached");
        return new SyscallRun(place, ended, ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    static void AssertHolds(SyscallRun run, HashSet<string> found)
    {
        Assert.That(run.Acknowledged.Where(line => !found.Contains(line)), Is.Empty, $"{run.Folder}: acknowledged and not there");
        Assert.That(found.Where(line => line.StartsWith("fault", StringComparison.Ordinal)), Is.Empty, run.Folder);
        // A crash and a failing disk leave a whole ledger; it is the same one that goes on.
        Assert.That(found.Where(IsDamage), Is.Empty, run.Folder);
        Assert.That(found.Where(line => line.StartsWith("entry", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Distinct().Count(), Is.EqualTo(1), run.Folder);
        Assert.That(run.Ended.ExitCode is 0 or 1 or 137, Is.True, $"{run.Folder} ended with {run.Ended.ExitCode}: {run.Ended.Errors}");
    }

    static void Tell(string fault, IReadOnlyList<SyscallRun> runs, Dictionary<string, HashSet<string>> found) => TestContext.Out.WriteLine(
        $"{fault}: {runs.Count} runs, {runs.Count(r => r.Ended.ExitCode == 0)} went on to the end, {runs.Count(r => r.Told.Contains("refused"))} refused something; "
        + $"{runs.Sum(r => r.Acknowledged.Count)} acknowledged, {runs.Sum(r => r.Acknowledged.Count(found[r.Folder].Contains))} of them found; {runs.Count(r => found[r.Folder].Any(IsDamage))} found damaged");

    static bool IsDamage(string line) => line.StartsWith("damage", StringComparison.Ordinal);

    static void Sort(string output, Dictionary<string, HashSet<string>> all)
    {
        HashSet<string> current = [];
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (line.StartsWith("folder ", StringComparison.Ordinal))
                all[line["folder ".Length..]] = current = new HashSet<string>(StringComparer.Ordinal);
            else
                current.Add(line);
    }
}
