using System.Globalization;
using Agent.Evidence.Chain;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>
/// Random damage to the files, seeded: either it is named, or nothing that counts was touched; and the agent always goes on.
/// <c>LEDGER_CORRUPTIONS</c> sets how often (200), <c>LEDGER_CORRUPTION_SEED</c> where the dice begin (1).
/// </summary>
sealed class LedgerCorruptionTests : IDisposable
{
    const int Entries = 120;

    static readonly int Times = Setting("LEDGER_CORRUPTIONS", 200);
    static readonly int Seed = Setting("LEDGER_CORRUPTION_SEED", 1);

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    readonly AgentIdentity _identity;
    readonly List<LedgerHead> _heads = [];
    readonly List<Dictionary<string, byte[]>> _sound = [];
    readonly string _content;

    public LedgerCorruptionTests()
    {
        _identity = AgentIdentity.Open(_folder.Path, "HZ-0571-0001");
        using (var ledger = LedgerStore.Open(_folder.Path, _identity, _time))
            for (var i = 0; i < Entries / 2; i++)
                Append(ledger, i);
        using (var ledger = LedgerStore.Open(_folder.Path, _identity, _time))
        {
            for (var i = Entries / 2; i < Entries; i++)
                Append(ledger, i);
            ledger.Acknowledge(ledger.Read.NextPending()!, "a.b.c");
            _heads.Add(ledger.Read.Head);
            // Half of it in the log still, as a running agent has it.
            _sound.Add(FilesNow());
        }

        _sound.Add(FilesNow());
        using var read = new LedgerReadStore(_folder.Path);
        _content = Content(read);
        Assert.That(_sound.Select(files => files.ContainsKey("ledger.db-wal")), Is.EqualTo([true, false]));
    }

    [Test]
    public void Whatever_is_changed_zeroed_or_cut_off_is_named_or_changes_nothing_and_the_agent_goes_on()
    {
        var kept = 0L;
        var counts = new SortedDictionary<string, (int Named, int Unaffected)>(StringComparer.Ordinal);
        for (var i = 0; i < Times; i++)
        {
            var dice = new Random(Seed + i);
            using var folder = new TemporaryFolder();
            var told = Damage(folder, dice);
            var (named, left) = GoesOn(folder.Path, $"seed {Seed + i}, {told}");
            kept += left;
            var so = counts.GetValueOrDefault(told.Split(':')[0]);
            counts[told.Split(':')[0]] = named ? (so.Named + 1, so.Unaffected) : (so.Named, so.Unaffected + 1);
        }

        foreach (var (kind, (named, unaffected)) in counts)
            TestContext.Out.WriteLine($"{kind}: {named} named, {unaffected} changed nothing");
        TestContext.Out.WriteLine($"{kept} of {(long)Times * _heads.Count} entries kept");
        Assert.That(kept, Is.GreaterThan((long)Times * _heads.Count / 2));
    }

    public void Dispose()
    {
        _identity.Dispose();
        _folder.Dispose();
    }

    void Append(LedgerStore ledger, int i) =>
        _heads.Add(i % 10 == 9 ? ledger.AppendTick() : ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}""")));

    Dictionary<string, byte[]> FilesNow() => new[] { "ledger.db", "ledger.db-wal", "ledger.head" }.Where(name => File.Exists(Path.Combine(_folder.Path, name)))
        .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(_folder.Path, name)), StringComparer.Ordinal);

    string Damage(TemporaryFolder folder, Random dice)
    {
        var files = _sound[dice.Next(_sound.Count)];
        // The witness is one short line: less often.
        var name = dice.Next(8) == 0 ? "ledger.head" : files.Keys.Where(file => file != "ledger.head").Order(StringComparer.Ordinal).ElementAt(dice.Next(files.Count - 1));
        var bytes = Damaged(files[name], dice, out var how);
        foreach (var (file, content) in files)
            folder.Write(file, file == name ? bytes : content);
        return $"{name}{(files.Count == 2 ? " of a closed ledger" : "")}, {how}";
    }

    static byte[] Damaged(byte[] sound, Random dice, out string how)
    {
        const int Page = 4096;
        var kind = dice.Next(5);
        if (kind == 0)
        {
            var length = dice.Next(sound.Length);
            how = $"cut: to {length} bytes";
            return sound[..length];
        }

        var bytes = (byte[])sound.Clone();
        if (kind == 1)
        {
            var page = dice.Next((bytes.Length + Page - 1) / Page);
            Array.Clear(bytes, page * Page, Math.Min(Page, bytes.Length - (page * Page)));
            how = $"zeroed: page {page}";
            return bytes;
        }

        var places = Enumerable.Range(0, dice.Next(1, 4)).Select(_ => dice.Next(bytes.Length)).ToList();
        foreach (var place in places)
            bytes[place] ^= (byte)dice.Next(1, 256);
        how = $"flipped: bytes {string.Join(' ', places)}";
        return bytes;
    }

    // As the agent does: open; a daily check if that found nothing; start again if the check did. Then once more, which finds nothing new.
    (bool Named, int Kept) GoesOn(string directory, string told)
    {
        try
        {
            using var ledger = OpenAndCheck(directory);
            var named = ledger.Damage is not null;
            if (named)
                Assert.That(EntryCodec.Decode(ledger.Read.EntriesBetween(ledger.Read.Head.Epoch, 0, 2).Single()).Type, Is.EqualTo(EntryTypes.Gap), told);
            else
                Assert.That(Content(ledger.Read), Is.EqualTo(_content), $"{told}: changed and not named");

            ledger.Append("note", LedgerFixture.Body());
            var head = ledger.AppendTick();
            Assert.That(ledger.Read.Check(_identity.Key.Public).Fault, Is.Null, told);
            var kept = _heads.Count(h => ledger.Read.HashAt(h.Epoch, h.Seq) == h.Hash);
            ledger.Dispose();

            using var again = OpenAndCheck(directory);
            Assert.That(again.Read.Head, Is.EqualTo(head), $"{told}: met twice");
            return (named, kept);
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{told}: {e}", e);
        }
    }

    LedgerStore OpenAndCheck(string directory)
    {
        var ledger = LedgerStore.Open(directory, _identity, _time);
        try
        {
            new LedgerCheckJob(ledger, _identity).CheckWhole();
            return ledger;
        }
        catch (LedgerDamagedException)
        {
            ledger.Dispose();
            return LedgerStore.Open(directory, _identity, _time);
        }
    }

    static string Content(LedgerReadStore read)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        LedgerExportStore.Write(read, text);
        foreach (var (_, request) in StatementStore.After(read, read.Head.Epoch, 0))
            text.WriteLine(request.Jws);
        text.WriteLine(read.Counts);
        return text.ToString();
    }

    static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;
}
