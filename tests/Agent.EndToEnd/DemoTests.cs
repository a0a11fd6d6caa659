using System.Reflection;
using System.Text;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The demo as it is started by hand: what it promises, and that nothing of it stays behind.</summary>
internal sealed class DemoTests : IDisposable
{
    const int Failed = 1;
    const int Usage = 64;

    readonly TemporaryFolder _folder = new();

    [Test]
    public async Task One_pass_shows_every_verdict_receipted_and_judged_again_and_leaves_nothing_behind()
    {
        var site = SiteFolder();

        var demo = await CaptiveProcess.RunAsync(Demo, ["--once", "--directory", site]);

        Assert.That(demo.ExitCode, Is.Zero, demo.Output + demo.Errors);
        foreach (var (camera, verdict) in new[] { ("front_gate", "Met"), ("main_hall", "Interrupted"), ("loading_dock", "Breached"), ("server_room", "Maturing") })
            Assert.That(RequiredVerdict(demo.Output, camera), Is.EqualTo(verdict), camera);
        Assert.That(demo.Output, Does.Contain("recomputed by the audit server from the evidence: agrees"));
        Assert.That(demo.Output, Does.Not.Contain('\u001b'), "plain text when piped");
        Assert.That(Directory.Exists(site), Is.False);
        Assert.That(ProcessesThatName(site), Is.Empty);
    }

    [Test]
    public async Task It_runs_on_until_it_is_stopped_and_leaves_nothing_behind()
    {
        var site = SiteFolder();
        await using var demo = CaptiveProcess.Start(Demo, ["--directory", site]);
        await demo.UntilAsync("it said that it runs on", () => demo.Output.Contains("It runs on", StringComparison.Ordinal));
        if (OperatingSystem.IsLinux())
            Assert.That(ProcessesThatName(site), Has.Exactly(3).Items, "demo, agent and audit server");

        var ended = await demo.StopAsync();

        Assert.That(ended.ExitCode, Is.Zero, ended.Output + ended.Errors);
        Assert.That(Directory.Exists(site), Is.False);
        Assert.That(ProcessesThatName(site), Is.Empty);
    }

    [Test]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        var file = _folder.Write("mine.txt", "x");

        var demo = await CaptiveProcess.RunAsync(Demo, ["--once", "--directory", _folder.Path]);

        Assert.That(demo.ExitCode, Is.EqualTo(Failed));
        Assert.That(demo.Errors, Does.Contain("not empty"));
        Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.EqualTo(new[] { file }));
    }

    [Test]
    public async Task An_unknown_option_is_refused()
    {
        var demo = await CaptiveProcess.RunAsync(Demo, ["--onse"]);

        Assert.That(demo.ExitCode, Is.EqualTo(Usage));
        Assert.That(demo.Errors, Does.Contain("--onse").And.Contain("Usage"));
    }

    public void Dispose() => _folder.Dispose();

    // With a space: the paths of a real site have some too.
    string SiteFolder() => Path.Combine(_folder.Path, "made up site");

    /// <summary>The cell of the required days: | camera | unbroken for | 7 d | 15 d, required | 30 d | why |.</summary>
    static string RequiredVerdict(string output, string camera) =>
        output.Split('\n').Single(line => line.StartsWith($"| {camera}", StringComparison.Ordinal)).Split('|')[4].Trim();

    static List<string> ProcessesThatName(string folder) => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.EnumerateDirectories("/proc").Where(process => Path.GetFileName(process).All(char.IsAsciiDigit))
            .Select(CommandLine).Where(line => line.Contains(folder, StringComparison.Ordinal)),
    ];

    static string CommandLine(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline")));
        }
        catch (IOException)
        {
            return ""; // it ended meanwhile
        }
    }

    static string Demo { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(
        typeof(DemoTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(m => m.Key == "retention-demo").Value!,
        OperatingSystem.IsWindows() ? "exe" : null)));
}
