using System.Text;
using Agent.Evidence.Chain;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Chain;

sealed class ChainVerifierTests
{
    [Test]
    public void A_chain_as_it_was_written_holds([Values(0, 1, 2, 50)] int length) =>
        Assert.That(ChainVerifier.FirstFault(Chain(length), ChainStart.OfEpoch), Is.Null);

    [Test]
    public void A_later_stretch_holds_from_the_pinned_hash_on()
    {
        var chain = Chain(10);
        var start = new ChainStart { Agent = "HZ-0001-a", Seq = 5, Previous = EntryCodec.Hash(chain[3].Span) };

        Assert.That(ChainVerifier.FirstFault(chain.Skip(4), start), Is.Null);
        Assert.That(ChainVerifier.FirstFault(chain.Skip(4)), Is.Null);
    }

    [Test]
    public void A_removed_entry_is_found_where_it_is_missing([Range(0, 8)] int at)
    {
        var chain = Chain(10);
        chain.RemoveAt(at);

        Expect(chain, ChainFaultKind.SequenceGap, at);
    }

    [Test]
    public void A_cut_off_end_is_found_only_by_who_knows_the_head()
    {
        var walk = new ChainWalk(ChainStart.OfEpoch);
        var chain = Chain(10);
        foreach (var entry in chain.SkipLast(1))
            walk.Accept(entry);

        Assert.That(walk.Fault, Is.Null);
        Assert.That(walk.Head, Is.Not.EqualTo(EntryCodec.Hash(chain[^1].Span)));
    }

    [Test]
    public void A_cut_off_front_is_found() => Expect(Chain(10)[1..], ChainFaultKind.SequenceGap, 0);

    [Test]
    public void Swapped_entries_are_found([Range(0, 8)] int at)
    {
        var chain = Chain(10);
        (chain[at], chain[at + 1]) = (chain[at + 1], chain[at]);

        Expect(chain, ChainFaultKind.SequenceGap, at);
    }

    [Test]
    public void A_repeated_entry_is_found()
    {
        var chain = Chain(10);
        chain.Insert(4, chain[3]);

        Expect(chain, ChainFaultKind.SequenceGap, 4);
    }

    [Test]
    public void Any_changed_bit_is_found_at_its_entry_or_the_next() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((at, place, bit) =>
        {
            var chain = Chain(10);
            var changed = chain[at].ToArray();
            changed[place % changed.Length] ^= (byte)(1 << bit);
            chain[at] = changed;

            return ChainVerifier.FirstFault(chain, ChainStart.OfEpoch) is { } fault && (fault.Position == at || fault.Position == at + 1);
        });

    [Test]
    public void A_fork_is_found_where_it_rejoins()
    {
        var chain = Chain(10);
        var fork = Chain(5, lastBody: """{"other":true}""");
        chain[4] = fork[4];

        Expect(chain, ChainFaultKind.BrokenLink, 5);
    }

    [Test]
    public void Entries_of_another_agent_or_epoch_do_not_fit_in()
    {
        var other = Chain(10, agent: "HZ-0002-a");
        var later = Chain(10, epoch: new Guid("11111111-2222-3333-4444-555555555555"));

        Expect([.. Chain(5), .. other[5..]], ChainFaultKind.WrongAgent, 5);
        Expect([.. Chain(5), .. later[5..]], ChainFaultKind.WrongEpoch, 5);
        Assert.That(ChainVerifier.FirstFault(other, new ChainStart { Agent = "HZ-0001-a" })!.Kind, Is.EqualTo(ChainFaultKind.WrongAgent));
        Assert.That(ChainVerifier.FirstFault(other, new ChainStart { Epoch = later.Count == 10 ? Guid.Empty : null })!.Kind, Is.EqualTo(ChainFaultKind.WrongEpoch));
    }

    [Test]
    public void Only_the_first_entry_follows_nothing()
    {
        var late = EntryCodec.Encode(TestLedger.Entry(seq: 7));
        var first = EntryCodec.Encode(TestLedger.Entry() with { Previous = new string('a', 64) });

        Assert.That(ChainVerifier.FirstFault([late])!.Kind, Is.EqualTo(ChainFaultKind.BrokenLink));
        Assert.That(ChainVerifier.FirstFault([first])!.Kind, Is.EqualTo(ChainFaultKind.BrokenLink));
    }

    [Test]
    public void A_fault_names_what_came_and_what_was_expected()
    {
        var chain = Chain(3);
        var fork = EntryCodec.Encode(EntryCodec.Decode(chain[1]) with { Previous = new string('a', 64) });
        var other = Chain(1, agent: "HZ-0002-a", epoch: Guid.Empty);
        string Message(ChainStart start, params IEnumerable<ReadOnlyMemory<byte>> entries) => ChainVerifier.FirstFault(entries, start)!.Message;

        Assert.That(Message(new ChainStart { Agent = "HZ-0001-a" }, other), Is.EqualTo("Entry with seq 1: it names agent HZ-0002-a, the chain is of HZ-0001-a."));
        Assert.That(Message(new ChainStart { Epoch = new TestLedger().Epoch }, other), Is.EqualTo($"Entry with seq 1: it names epoch {Guid.Empty}, the chain is of {new TestLedger().Epoch}."));
        Assert.That(Message(ChainStart.OfEpoch, chain[0], chain[2]), Is.EqualTo("Entry with seq 3: 2 was expected here."));
        Assert.That(Message(ChainStart.OfEpoch, chain[0], fork), Is.EqualTo($"Entry with seq 2: it follows an entry with hash {new string('a', 64)}, the entry before it has {EntryCodec.Hash(chain[0].Span)}."));
        Assert.That(Message(ChainStart.Anywhere, EntryCodec.Encode(TestLedger.Entry(seq: 7))), Is.EqualTo("Entry with seq 7: only the first entry of an epoch follows nothing, and it must."));
    }

    [Test]
    public void An_unreadable_entry_has_a_place_but_no_number()
    {
        var chain = Chain(3);
        chain[1] = Encoding.UTF8.GetBytes("{}");

        var fault = ChainVerifier.FirstFault(chain)!;

        Assert.That(fault, Is.EqualTo(new ChainFault(ChainFaultKind.Malformed, 1, null, "Ledger entry: \"v\" is missing.")));
    }

    [Test]
    public void A_walk_is_over_after_its_first_fault()
    {
        var chain = Chain(5);
        var walk = new ChainWalk(ChainStart.OfEpoch);
        walk.Accept(chain[0]);
        var fault = walk.Accept(chain[2]);

        Assert.That(fault, Is.Not.Null);
        Assert.That(walk.Accept(chain[1]), Is.SameAs(fault));
        Assert.That(walk.Last!.Seq, Is.EqualTo(1));
        Assert.That(walk.Count, Is.EqualTo(1));
    }

    static void Expect(IEnumerable<ReadOnlyMemory<byte>> chain, ChainFaultKind kind, int position)
    {
        var fault = ChainVerifier.FirstFault(chain, ChainStart.OfEpoch);

        Assert.That(fault, Is.Not.Null);
        Assert.That((fault!.Kind, fault.Position), Is.EqualTo((kind, (long)position)), fault.Message);
    }

    static List<ReadOnlyMemory<byte>> Chain(int length, string lastBody = "{}", string agent = "HZ-0001-a", Guid? epoch = null)
    {
        var ledger = new TestLedger(agent, epoch);
        for (var i = 1; i <= length; i++)
            ledger.Append(body: i == length ? lastBody : "{}");

        return ledger.Entries;
    }
}
