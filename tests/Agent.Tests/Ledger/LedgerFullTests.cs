using System.Diagnostics;
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
        using var ledger = LedgerStore.Open(_mount.Path, identity, new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero)));
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
        acknowledged.Add(ledger.AppendTick());
        Assert.That(File.Exists(reserve), Is.True, "made again as soon as there is room");
        Assert.That(ledger.Read.Head, Is.EqualTo(acknowledged[^1]));
        Assert.That(Types(ledger).Count(type => type == EntryTypes.Finding), Is.EqualTo(1));
        Assert.That(ledger.Read.Check(identity.Key.Public).Fault, Is.Null);
    }

    [TestCase(1, TestName = "A_damaged_ledger_without_room_for_a_copy_leaves_nothing_behind_however_often_it_is_opened")]
    [TestCase(3, TestName = "A_damaged_ledger_without_room_for_the_new_one_leaves_nothing_behind_however_often_it_is_opened")]
    public void A_damaged_ledger_without_room_leaves_nothing_behind(int megabytes)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
        using var identity = AgentIdentity.Open(_mount.Path, "HZ-0571-0001");
        using (var ledger = LedgerStore.Open(_mount.Path, identity, time))
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
            Assert.That(() => LedgerStore.Open(_mount.Path, identity, time), Throws.TypeOf<LedgerWriteException>());
            Assert.That(Files(), Is.EqualTo(before));
        }

        Assert.That(Run("mount", "-o", "remount,size=32m", _mount.Path), Is.True);
        using var mended = LedgerStore.Open(_mount.Path, identity, time);
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

    static List<string> Types(LedgerStore ledger) =>
        [.. ledger.Read.EntriesBetween(ledger.Read.Head.Epoch, 0, long.MaxValue).Select(bytes => EntryCodec.Decode(bytes).Type)];

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
