using System.Diagnostics;
using Agent.Hosting;
using NUnit.Framework;

namespace Agent.Tests.Hosting;

/// <summary>Held against the command that FORMAT.md gives.</summary>
internal sealed class ProgramHashTests : IDisposable
{
    const string Command = "find . -type f '(' -name retention-agent -o -name '*.dll' -o -name '*.so' -o -name '*.deps.json' -o -name '*.runtimeconfig.json' ')' | LC_ALL=C sort | xargs sha256sum | sha256sum";

    readonly TemporaryFolder _program = new();

    public ProgramHashTests()
    {
        foreach (var file in new[] { "retention-agent", "retention-agent.dll", "Quartz.dll", "a.deps.json", "a.runtimeconfig.json", "appsettings.json", "runtimes/linux-x64/native/lib.so", "runtimes.dll" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_program.Path, file))!);
            _program.Write(file, $"content of {file}");
        }
    }

    [Test]
    [Platform("Linux")]
    public void Anybody_can_make_it_of_a_release()
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Command]) { WorkingDirectory = _program.Path, RedirectStandardOutput = true })!;
        var made = shell.StandardOutput.ReadToEnd().Split(' ')[0];
        shell.WaitForExit();

        Assert.That(ProgramHash.Of(_program.Path), Is.EqualTo(made));
    }

    [TestCase("retention-agent")]
    [TestCase("retention-agent.dll")]
    [TestCase("runtimes/linux-x64/native/lib.so")]
    [TestCase("another.dll")]
    public void Every_file_of_the_program_counts(string file)
    {
        var before = ProgramHash.Of(_program.Path);
        _program.Write(file, "changed");
        Assert.That(ProgramHash.Of(_program.Path), Is.Not.EqualTo(before));
    }

    [Test]
    public void What_is_no_program_does_not()
    {
        var before = ProgramHash.Of(_program.Path);
        _program.Write("appsettings.json", "changed");
        Assert.That(ProgramHash.Of(_program.Path), Is.EqualTo(before));
    }

    [Test]
    [Platform("Linux")]
    public void A_link_is_not_followed_and_in_the_place_of_a_file_it_shows()
    {
        var before = ProgramHash.Of(_program.Path);
        Directory.CreateSymbolicLink(Path.Combine(_program.Path, "elsewhere"), "/usr");
        Assert.That(ProgramHash.Of(_program.Path), Is.EqualTo(before));

        var library = Path.Combine(_program.Path, "Quartz.dll");
        File.Move(library, library + ".moved");
        File.CreateSymbolicLink(library, library + ".moved");
        Assert.That(ProgramHash.Of(_program.Path), Is.Not.EqualTo(before));
        Anybody_can_make_it_of_a_release();
    }

    public void Dispose() => _program.Dispose();
}
