using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// What the recorder could notice, as the kernel saw it: every call of the whole process, and of the ffprobe it starts, that opens, locks,
/// writes, renames, removes or touches something in the folder of recordings.
/// </summary>
[Platform("Linux")]
internal sealed partial class QuietTests : IDisposable
{
    const string Calls = "open,openat,openat2,creat,flock,fcntl,write,pwrite64,writev,pwritev,pwritev2,truncate,ftruncate,fallocate,fsync,fdatasync,"
        + "unlink,unlinkat,rename,renameat,renameat2,rmdir,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,chown,fchown,fchownat,lchown,"
        + "utime,utimes,utimensat,futimesat,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,mount,umount2,inotify_add_watch,fanotify_mark";

    readonly TestSite _site = new(TimeSpan.FromDays(1));

    public void Dispose() => _site.Dispose();

    [Test]
    public async Task Check_only_reads()
    {
        Programs.Require("strace");
        var before = Snapshot.Of(_site.Recordings);
        await using var check = CaptiveProcess.Start("strace", Traced(["check", _site.Recordings, "--json"]), folder: _site.InFolder("elsewhere"));
        var ended = await check.EndAsync();
        Assert.That(CheckedTree.Of(ended).Cameras, Has.Count.EqualTo(2));
        AssertOnlyRead();
        Assert.That(Snapshot.Of(_site.Recordings), Is.EqualTo(before));
        Assert.That(Directory.GetFileSystemEntries(_site.InFolder("elsewhere")), Is.Empty);
    }

    [Test]
    public async Task The_service_only_reads()
    {
        Programs.Require("strace");
        var before = Snapshot.Of(_site.Recordings);
        _site.Configure(upstream: null);
        await using var agent = CaptiveProcess.Start("strace", Traced(["run", "--config", _site.Configuration]), folder: _site.InFolder("elsewhere"));
        await agent.UntilAsync("there are verdicts", () => _site.HasAsync("verdict"));
        await agent.StopCleanlyAsync();
        AssertOnlyRead();
        Assert.That(Snapshot.Of(_site.Recordings), Is.EqualTo(before));
    }

    // The tracer is the grandchild, so that the program itself is what is asked to stop; no text of a write is shown, only where it goes.
    IEnumerable<string> Traced(string[] arguments) => ["-D", "-f", "-qq", "-y", "-s", "0", "-o", Trace, "-e", $"trace={Calls}", Programs.Agent, .. arguments];

    string Trace => _site.InFolder("trace");

    void AssertOnlyRead()
    {
        var touched = File.ReadLines(Trace).Where(line => line.Contains(_site.Recordings, StringComparison.Ordinal)).ToList();
        var opened = touched.Where(line => line.Contains(".mp4", StringComparison.Ordinal) && line.Contains("openat(", StringComparison.Ordinal)).ToList();
        Assert.That(opened, Has.Count.GreaterThanOrEqualTo(80), "the footage of a day was not opened, so nothing was shown");
        Assert.That(opened.Count(line => line.Contains("O_NOATIME", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(80), "times of access change");
        Assert.That(touched.Where(IsMoreThanReading).Take(5), Is.Empty, string.Create(CultureInfo.InvariantCulture, $"of {touched.Count} calls"));
    }

    static bool IsMoreThanReading(string line) => CallOf().Match(line).Groups[1].Value switch
    {
        "open" or "openat" or "openat2" => Writing().IsMatch(line),
        "fcntl" => Locking().IsMatch(line),
        "" => false, // the end of a call whose beginning was judged
        _ => true,
    };

    [GeneratedRegex(@"^\d+ +(\w+)\(")]
    private static partial Regex CallOf();

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE")]
    private static partial Regex Writing();

    [GeneratedRegex("F_SETLK|F_OFD_SETLK|F_SETLEASE|F_NOTIFY|F_SETOWN")]
    private static partial Regex Locking();
}
