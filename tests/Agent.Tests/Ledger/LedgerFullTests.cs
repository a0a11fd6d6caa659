using System.Diagnostics;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>A disk that is really full: a file system of a few megabytes in memory, which takes root.</summary>
[Platform("Linux")]
sealed class LedgerFullTests : IDisposable
{
    readonly TemporaryFolder _mount = new();
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    bool _mounted;

    [SetUp]
    public void Mount()
    {
        if (!Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", _mount.Path))
            Assert.Ignore("mounting a small file system takes root");
        _mounted = true;
    }

    [TearDown]
    public void Unmount()
    {
        if (_mounted)
            Assert.That(Run("umount", _mount.Path), Is.True);
    }

    [Test]
    public void A_full_disk_is_told_nothing_acknowledged_is_lost_and_with_room_it_goes_on()
    {
        using var identity = AgentIdentity.Open(_mount.Path, "HZ-0571-0001");
        using var ledger = LedgerStore.Open(_mount.Path, identity, _time);
        var reserve = Path.Combine(_mount.Path, "ledger.reserve");
        Assert.That(new FileInfo(reserve).Length, Is.EqualTo(1 << 20));
        var acknowledged = new List<LedgerHead>();
        var full = Fill(ledger, acknowledged);

        Assert.That(full.Full, Is.True);
        Assert.That(File.Exists(reserve), Is.False);
        Assert.That(Types(ledger)[^1], Is.EqualTo(EntryTypes.Finding), "from the room of the reserve");
        Assert.That(Fill(ledger, acknowledged).Full, Is.True, "the reserve's room is used up too");
        Assert.That(acknowledged.Select(h => ledger.Read.HashAt(h.Epoch, h.Seq)), Is.EqualTo(acknowledged.Select(h => h.Hash)));
        Assert.That(ledger.Read.Check(identity.Key.Public).Fault, Is.Null);

        Assert.That(Run("mount", "-o", "remount,size=32m", _mount.Path), Is.True);
        _time.Advance(TimeSpan.FromMinutes(7));
        acknowledged.Add(ledger.AppendTick());
        Assert.That(File.Exists(reserve), Is.True, "made again as soon as there is room");
        Assert.That(ledger.Read.Head, Is.EqualTo(acknowledged[^1]));
        Assert.That(Types(ledger)[^2..], Is.EqualTo(new[] { EntryTypes.Gap, EntryTypes.Tick }));
        Assert.That(Bodies(ledger)[^2], Is.EqualTo("""{"reason":"full","from":"2026-11-23T10:00:00.000Z","to":"2026-11-23T10:07:00.000Z","unwritten":{"note":1}}"""));
        ledger.AppendTick();
        Assert.That(Types(ledger).Count(type => type == EntryTypes.Gap), Is.EqualTo(2), "one for each time, the first from the room of the reserve");
        Assert.That(Types(ledger).Count(type => type == EntryTypes.Finding), Is.EqualTo(1));
        Assert.That(ledger.Read.Check(identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public void A_start_that_found_no_room_is_written_when_there_is_some_before_anything_else_with_what_else_was_not()
    {
        using var identity = AgentIdentity.Open(_mount.Path, "HZ-0571-0001");
        using (var before = LedgerStore.Open(_mount.Path, identity, _time))
        {
            before.AppendStart("0.1.0", new string('a', 64), new string('b', 64), new Dictionary<string, string> { ["k"] = "1" });
            before.AppendStop();
        }

        using var ledger = LedgerStore.Open(_mount.Path, identity, _time);
        _time.Advance(TimeSpan.FromHours(1));
        FillDisk();
        File.Delete(Path.Combine(_mount.Path, "ledger.reserve"));
        FillDisk();
        var whole = Types(ledger);
        // A log that was made large is written over from its beginning without room on the disk, so that a small entry may still find its place.
        Assert.That(() => ledger.AppendStart("0.2.0", new string('c', 64), new string('d', 64), new Dictionary<string, string> { ["k"] = new('x', 400_000) }), ThrowsFull());
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(() => ledger.Append("note", LedgerFixture.Body($$"""{"x":"{{new string('x', 1 << 19)}}"}""")), ThrowsFull());
        Assert.That(() => ledger.AppendHeartbeat(after => LedgerFixture.Body($$"""{"after":{{after}},"x":"{{new string('x', 1 << 19)}}"}""")), ThrowsFull());
        Assert.That(Types(ledger), Is.EqualTo(whole));

        Assert.That(Run("mount", "-o", "remount,size=64m", _mount.Path), Is.True);
        _time.Advance(TimeSpan.FromMinutes(5));
        ledger.AppendTick();

        Assert.That(Types(ledger)[whole.Count..], Is.EqualTo(new[] { EntryTypes.Start, EntryTypes.Finding, EntryTypes.ConfigChange, EntryTypes.Gap, EntryTypes.Tick }));
        var said = Bodies(ledger)[whole.Count..];
        Assert.That(said[0], Does.Contain("0.2.0"));
        Assert.That(said[1], Is.EqualTo("""{"code":"AgentDown","from":"2026-11-23T10:00:00.000Z","to":"2026-11-23T11:00:00.000Z","orderly":true}"""));
        Assert.That(said[3], Is.EqualTo("""{"reason":"full","from":"2026-11-23T11:00:00.000Z","to":"2026-11-23T11:10:00.000Z","unwritten":{"heartbeat":1,"note":1,"start":1}}"""));
        Assert.That(ledger.Read.Check(identity.Key.Public).Fault, Is.Null);

        void FillDisk()
        {
            using var ballast = new FileStream(Path.Combine(_mount.Path, "ballast"), FileMode.Append);
            try
            {
                while (true)
                    ballast.Write(new byte[4096]);
            }
            catch (IOException)
            {
                // Full.
            }
        }
    }

    [TestCase(1, TestName = "A_damaged_ledger_without_room_for_a_copy_leaves_nothing_behind_however_often_it_is_opened")]
    [TestCase(3, TestName = "A_damaged_ledger_without_room_for_the_new_one_leaves_nothing_behind_however_often_it_is_opened")]
    public void A_damaged_ledger_without_room_leaves_nothing_behind(int megabytes)
    {
        using var identity = AgentIdentity.Open(_mount.Path, "HZ-0571-0001");
        using (var ledger = LedgerStore.Open(_mount.Path, identity, _time))
            for (var i = 0; i < 20; i++)
                ledger.Append("note", LedgerFixture.Body($$"""{"x":"{{new string('x', 100_000)}}"}"""));
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_mount.Path, LedgerReadStore.FileName)};Pooling=False"))
        {
            connection.Open();
            connection.Run($"{LedgerFixture.DropTriggers} UPDATE entry SET bytes = x'00' WHERE seq = 20");
        }

        File.WriteAllBytes(Path.Combine(_mount.Path, "ballast"), new byte[new DriveInfo(_mount.Path).AvailableFreeSpace - (megabytes << 20)]);
        var before = Files();
        for (var i = 0; i < 3; i++)
        {
            Assert.That(() => LedgerStore.Open(_mount.Path, identity, _time), Throws.TypeOf<LedgerWriteException>());
            Assert.That(Files(), Is.EqualTo(before));
        }

        Assert.That(Run("mount", "-o", "remount,size=32m", _mount.Path), Is.True);
        using var mended = LedgerStore.Open(_mount.Path, identity, _time);
        Assert.That(mended.Damage, Is.Not.Null);
        Assert.That(Directory.GetDirectories(Path.Combine(_mount.Path, "quarantine")), Has.Length.EqualTo(1));

        string[] Files() => [.. Directory.GetFiles(_mount.Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public void Dispose() => _mount.Dispose();

    static LedgerWriteException Fill(LedgerStore ledger, List<LedgerHead> acknowledged)
    {
        var body = LedgerFixture.Body($$"""{"x":"{{new string('x', 100_000)}}"}""");
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                acknowledged.Add(ledger.Append("note", body));
            }
            catch (LedgerWriteException e)
            {
                return e;
            }
        }

        throw new AssertionException("The disk never filled up.");
    }

    static NUnit.Framework.Constraints.IResolveConstraint ThrowsFull() => Throws.TypeOf<LedgerWriteException>().With.Property(nameof(LedgerWriteException.Full)).True;

    static List<string> Types(LedgerStore ledger) => [.. Entries(ledger).Select(entry => entry.Type)];

    static List<string> Bodies(LedgerStore ledger) => [.. Entries(ledger).Select(entry => Encoding.UTF8.GetString(entry.Body.Span))];

    static IEnumerable<LedgerEntry> Entries(LedgerStore ledger) => ledger.Read.EntriesBetween(ledger.Read.Head.Epoch, 0, long.MaxValue).Select(EntryCodec.Decode);

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
