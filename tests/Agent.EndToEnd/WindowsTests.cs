using System.Text;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// What of the Windows build shows under Wine: DPAPI, under which every secret lies at rest there, AES of CNG, paths and files. A signing
/// key does not: Wine 8 has no ECDSA keys in its CNG (NCryptCreatePersistedKey answers NTE_NOT_SUPPORTED), so that the service cannot run.
/// </summary>
[Platform("Linux")]
internal sealed class WindowsTests
{
    const string Password = "S3cret-of-the-recorder";

    static WindowsBuild? _windows;

    static WindowsBuild Windows => _windows!;

    [OneTimeSetUp]
    public static async Task Build() => _windows = await WindowsBuild.MakeAsync();

    [OneTimeTearDown]
    public static async Task Remove()
    {
        if (_windows is not null)
            await _windows.DisposeAsync();
    }

    [Test]
    public async Task Windows_keeps_a_stored_password_readable_for_this_machine_alone()
    {
        using var folder = new TemporaryFolder();
        var configuration = folder.Write("agent.json", """
            { "site": { "id": "HZ-0001", "timeZone": "China Standard Time" }, "dataDirectory": "C:\\agent", "recorders": [ { "id": "nvr", "path": "C:\\" } ] }
            """);
        var data = Path.Combine(Windows.Drive, "agent");

        var first = await SecretAsync(Password, "set", "nvr");
        Assert.That(first.ExitCode, Is.Zero, first.Errors);
        var key = await File.ReadAllBytesAsync(Path.Combine(data, "agent.secret"));
        var second = await SecretAsync("another", "set", "other");
        var listed = await SecretAsync(null, "list");

        Assert.That(second.ExitCode, Is.Zero, $"another process opens what the first had sealed: {second.Errors}");
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(data, "agent.secret")), Is.EqualTo(key));
        Assert.That(listed.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "nvr", "other" }));
        // The provider's version and name come first in what DPAPI makes; the 32 bytes of the key itself would be 32 bytes long.
        Assert.That(key, Has.Length.GreaterThan(100));
        Assert.That(key[..4], Is.EqualTo(new byte[] { 1, 0, 0, 0 }));
        foreach (var file in Directory.GetFiles(data))
            Assert.That((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)), Is.Negative, file);

        var changed = key.ToArray();
        changed[^40] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(data, "agent.secret"), changed);
        var refused = await SecretAsync("third", "set", "third");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.Output);
        Assert.That(refused.Errors, Does.Contain("Windows cannot decrypt it"));

        Task<EndedProcess> SecretAsync(string? input, params string[] verb) => Windows.RunAsync(["secret", .. verb, "--config", WindowsBuild.PathOf(configuration)], input);
    }

    [Test]
    public async Task Both_builds_measure_the_same()
    {
        using var folder = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        SeededTree.Add(folder.Path, "front_door", now, TimeSpan.FromDays(8));
        SeededTree.Add(folder.Path, "yard", now, TimeSpan.FromDays(8), before => before.TotalHours is > 50 and < 54);
        string[] more = ["--json", "--time-zone", "UTC", "--as-of", "2026-11-23T10:00:00Z", "--require", "7d"];

        var here = CheckedTree.Of(await Programs.RunAgentAsync(["check", folder.Path, .. more]));
        var there = CheckedTree.Of(await Windows.RunAsync(["check", WindowsBuild.PathOf(folder.Path), .. more]));

        Assert.That(here.Cameras, Is.EqualTo(new[] { "front_door", "yard" }));
        Assert.That(there.Root.GetProperty("cameras").GetRawText().ReplaceLineEndings("\n"), Is.EqualTo(here.Root.GetProperty("cameras").GetRawText()));
        Assert.That((there.ExitCode, there.Verdict), Is.EqualTo((here.ExitCode, here.Verdict)));
    }

    /// <summary>The agent is stopped in the middle of its inventory, with a file open, until others are done with that file.</summary>
    [Test]
    public async Task A_file_that_is_being_read_can_be_renamed_and_deleted()
    {
        using var folder = new TemporaryFolder();
        var now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        SeededTree.Add(folder.Path, "front_door", now, TimeSpan.FromDays(30));
        await using var agent = Windows.Start("check", WindowsBuild.PathOf(folder.Path), "--json", "--time-zone", "UTC", "--as-of", "2026-11-23T10:00:00Z");

        var read = "";
        await agent.UntilAsync("it reads a file", () => Task.FromResult(HasStoppedWhileReading()));
        var renamed = Path.Combine(Path.GetDirectoryName(read)!, "renamed.mp4");
        var rename = await Windows.ShellAsync("ren", WindowsBuild.PathOf(read), "renamed.mp4");
        var isRenamed = (File.Exists(read), File.Exists(renamed));
        var delete = await Windows.ShellAsync("del", WindowsBuild.PathOf(renamed));
        agent.LetGo();
        var ended = await agent.EndAsync();

        Assert.That((rename.ExitCode, isRenamed), Is.EqualTo((0, (false, true))), rename.Output + rename.Errors);
        Assert.That(delete.ExitCode, Is.Zero, delete.Output + delete.Errors);
        Assert.That(File.Exists(renamed), Is.False, "it is gone when its last reader is");
        Assert.That(CheckedTree.Of(ended).Cameras, Does.Contain("front_door"), "and the look goes on");

        bool HasStoppedWhileReading()
        {
            agent.Hold();
            read = agent.OpenFiles().FirstOrDefault(file => file.StartsWith(folder.Path, StringComparison.Ordinal) && file.EndsWith(".mp4", StringComparison.Ordinal)) ?? "";
            if (read.Length == 0)
                agent.LetGo();
            return read.Length > 0;
        }
    }
}
