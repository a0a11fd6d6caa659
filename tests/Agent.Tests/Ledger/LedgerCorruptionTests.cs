using System.Globalization;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>
/// Random damage to the file, seeded: either it is named, or nothing that counts was touched; and the agent always goes on.
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
    readonly byte[] _sound;
    readonly string _export;

    public LedgerCorruptionTests()
    {
        _identity = AgentIdentity.Open(_folder.Path, "HZ-0571-0001");
        using (var ledger = LedgerStore.Open(_folder.Path, _identity, _time))
        {
            for (var i = 0; i < Entries; i++)
                _heads.Add(i % 10 == 9 ? ledger.AppendTick() : ledger.Append("note", LedgerFixture.Body($$"""{"n":{{i}}}""")));
            ledger.Acknowledge(ledger.Read.NextPending()!, "a.b.c");
            _heads.Add(ledger.Read.Head);
        }

        _sound = File.ReadAllBytes(Path.Combine(_folder.Path, LedgerReadStore.FileName));
        using var read = new LedgerReadStore(_folder.Path);
        _export = Export(read);
    }

    [Test]
    public void Random_bytes_changed_or_cut_off_are_named_or_change_nothing_and_the_agent_goes_on()
    {
        var kept = 0L;
        for (var i = 0; i < Times; i++)
        {
            var dice = new Random(Seed + i);
            using var folder = new TemporaryFolder();
            var damage = Damaged(dice, out var told);
            folder.Write(LedgerReadStore.FileName, damage);
            var named = NamedFault(folder.Path, out var export);
            Assert.That(named is not null || export == _export, Is.True, $"seed {Seed + i}, {told}: changed and not named");

            kept += GoesOn(folder.Path, $"seed {Seed + i}, {told}, {named}");
        }

        TestContext.Out.WriteLine($"{kept} of {(long)Times * _heads.Count} entries kept");
        Assert.That(kept, Is.GreaterThan((long)Times * _heads.Count / 2));
    }

    public void Dispose()
    {
        _identity.Dispose();
        _folder.Dispose();
    }

    byte[] Damaged(Random dice, out string told)
    {
        if (dice.Next(5) == 0)
        {
            var length = dice.Next(_sound.Length);
            told = $"cut to {length} bytes";
            return _sound[..length];
        }

        var bytes = (byte[])_sound.Clone();
        var places = Enumerable.Range(0, dice.Next(1, 4)).Select(_ => dice.Next(bytes.Length)).ToList();
        foreach (var place in places)
            bytes[place] ^= (byte)dice.Next(1, 256);
        told = $"bytes {string.Join(' ', places)} changed";
        return bytes;
    }

    string? NamedFault(string directory, out string? export)
    {
        export = null;
        try
        {
            using var read = new LedgerReadStore(directory);
            if (read.Check(_identity.Key.Public).Fault is { } fault)
                return fault;
            export = Export(read);
            return null;
        }
        catch (Exception e) when (e is LedgerDamagedException or LedgerRefusedException)
        {
            return e.Message;
        }
    }

    // As the agent does: open; a daily check if that found nothing; start again if the check did.
    int GoesOn(string directory, string told)
    {
        try
        {
            var ledger = LedgerStore.Open(directory, _identity, _time);
            try
            {
                try
                {
                    new LedgerCheckJob(ledger, _identity).CheckWhole();
                }
                catch (LedgerDamagedException)
                {
                    ledger.Dispose();
                    ledger = LedgerStore.Open(directory, _identity, _time);
                }

                ledger.Append("note", LedgerFixture.Body());
                ledger.AppendTick();
                Assert.That(ledger.Read.Check(_identity.Key.Public).Fault, Is.Null, told);
                return _heads.Count(h => ledger.Read.HashAt(h.Epoch, h.Seq) == h.Hash);
            }
            finally
            {
                ledger.Dispose();
            }
        }
        catch (Exception e) when (e is not AssertionException)
        {
            throw new AssertionException($"{told}: {e}", e);
        }
    }

    static string Export(LedgerReadStore read)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        read.Export(text);
        return text.ToString();
    }

    static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;
}
