using System.Diagnostics;
using System.Runtime.Versioning;
using Agent.Probing;
using Agent.Probing.Files.Indexing;
using NUnit.Framework;

namespace Agent.Tests.Probing.Files.Indexing;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class FolderFingerprintTests : IDisposable
{
    static readonly TimeSpan Day = TimeSpan.FromHours(25);
    static readonly TreeRules Rules = new([".mp4"]);

    readonly IndexedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Test]
    public void What_is_known_of_a_folder_has_the_fingerprint_of_what_is_there()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 300);
        _tree.Fill("front/below", _tree.Ago(TimeSpan.FromHours(5)), 1);
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), "/");
        File.WriteAllText(Path.Combine(Folder, "notes.txt"), "no footage");
        _tree.Look();

        Assert.That(_tree.Index.Find("front")!.Fingerprint, Is.Not.Null.And.EqualTo(OfDisk()));
    }

    [Test]
    public void Whatever_changes_in_a_folder_changes_its_fingerprint()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 3);
        var seen = new HashSet<UInt128> { OfDisk()!.Value };
        var file = _tree.FileAt("front", start);
        var written = File.GetLastWriteTimeUtc(file);

        using (var shorter = File.OpenWrite(file))
            shorter.SetLength(shorter.Length - 1);
        File.SetLastWriteTimeUtc(file, written);
        New("a byte less, the time put back");
        File.SetLastWriteTimeUtc(file, written.AddTicks(10));
        New("written a microsecond later");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        New("other permissions");
        File.Move(file, Path.ChangeExtension(file, ".MP4"));
        New("another name");
        Directory.CreateDirectory(Path.Combine(Folder, "below"));
        New("a folder");
        File.CreateSymbolicLink(Path.Combine(Folder, "link"), "/dev/null");
        New("a link");
        File.Delete(_tree.FileAt("front", start.AddSeconds(10)));
        New("a file less");

        void New(string what) => Assert.That(seen.Add(OfDisk()!.Value), Is.True, what);
    }

    [Test]
    public void A_name_that_cannot_be_spelled_leaves_a_folder_without_one()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 1);
        Shell("touch");

        var print = OfDisk();
        Shell("rm"); // the class library cannot

        Assert.That(print, Is.Null);
    }

    [Test]
    public void A_folder_that_is_as_it_was_is_listed_again_a_day_later_and_not_before_also_after_a_restart()
    {
        _tree.Fill("front", _tree.Ago(TimeSpan.FromHours(5)), 20);
        _tree.Look();
        _tree.Pass(Day);
        _tree.Look();
        var listed = _tree.Index.Find("front")!.Listed;
        _tree.Restart();
        _tree.Pass(TimeSpan.FromHours(1));
        _tree.Look();
        var hourLater = _tree.Index.Find("front")!.Listed;
        _tree.Pass(Day);
        _tree.Look();

        Assert.That(listed, Is.EqualTo(hourLater));
        Assert.That(_tree.Index.Find("front")!.Listed, Is.EqualTo(_tree.Time.GetUtcNow()));
    }

    [Test]
    public void A_file_whose_bytes_were_cut_is_found_by_the_listing_of_the_day()
    {
        var start = _tree.Ago(TimeSpan.FromHours(5));
        _tree.Fill("front", start, 20);
        _tree.Look();
        _tree.Pass(Day);
        _tree.Look();
        using (var cut = File.OpenWrite(_tree.FileAt("front", start.AddSeconds(50))))
            cut.SetLength(cut.Length / 2);
        _tree.Pass(Day);

        Assert.That(_tree.Look().Problems.Select(p => p.Code), Is.SupersetOf(new[] { ProblemCode.ChangedInPlace, ProblemCode.TruncatedFile }));
    }

    void Shell(string command)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"{command} '{Folder}'/\"$(printf '\\377').mp4\""]);
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero);
    }

    string Folder => Path.Combine(_tree.Tree.Root, "front");

    UInt128? OfDisk()
    {
        using var folder = OpenFolder.Open(Folder, isRoot: false, out _)!;
        return folder.Fingerprint(Rules);
    }
}
