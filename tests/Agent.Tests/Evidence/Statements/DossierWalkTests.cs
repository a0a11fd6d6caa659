using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

/// <summary>What the frozen dossiers do not tell: how a walk goes on, counts and ends.</summary>
sealed class DossierWalkTests : IDisposable
{
    static readonly Guid Other = new("11111111-2222-3333-4444-555555555555");

    readonly ECDsa _agent = TestKeys.Agent();
    readonly ECDsa _server = TestKeys.Server();
    readonly ECDsa _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _agent.Dispose();
        _server.Dispose();
        _next.Dispose();
    }

    [Test]
    public void A_walk_is_over_after_its_first_fault()
    {
        var (walk, ledger) = (Walk(), new TestLedger());
        Assert.That(walk.Accept(ledger.Heartbeat().Encode()), Is.Null);

        var fault = walk.Accept("[]"u8.ToArray());

        Assert.That(fault!.Kind, Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(walk.Accept(ledger.Heartbeat().Encode()), Is.SameAs(fault));
        Assert.That(walk.End(), Is.SameAs(fault));
        Assert.That(walk.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_statement_told_twice_counts_and_changes_nothing()
    {
        var (walk, ledger) = (Walk(), new TestLedger());
        var (first, second) = (ledger.Heartbeat().Encode(), ledger.Tick().Encode());

        Assert.That(new[] { first, first, second, first }.Select(line => walk.Accept(line)), Is.All.Null);
        Assert.That((walk.Count, walk.End()), Is.EqualTo((4L, (StatementFault?)null)));
    }

    [Test]
    public void A_dossier_is_of_one_agent()
    {
        var walk = Walk();
        walk.Accept(new TestLedger().Heartbeat().Encode());

        var fault = walk.Accept(new TestLedger("HZ-0002-a").Heartbeat().Encode())!;

        Assert.That((fault.Kind, fault.Message), Is.EqualTo((StatementFaultKind.WrongSubject, "The dossier is of agent HZ-0001-a; seq 3 is of HZ-0002-a.")));
    }

    [Test]
    public void A_new_epoch_begins_anew()
    {
        var walk = Walk();
        walk.Accept(new TestLedger().Heartbeat().Encode());

        Assert.That(walk.Accept(new TestLedger(epoch: Other).Heartbeat().Encode()), Is.Null);
    }

    [Test]
    public void Statements_left_out_and_two_that_follow_the_same_one_are_told_apart()
    {
        var sound = new TestLedger();
        var (first, second, third) = (sound.Heartbeat().Encode(), sound.Heartbeat().Encode(), sound.Heartbeat().Encode());
        var fork = new TestLedger();
        fork.Heartbeat();
        var longer = fork.Heartbeat(between: 4).Encode();
        var another = new TestLedger();
        another.Heartbeat(version: "0.2.0");
        var onAnother = another.Heartbeat().Encode();

        Assert.That(Fault(first, third), Is.EqualTo((StatementFaultKind.BrokenChain, "The statements after seq 3 up to 6 are missing.")));
        Assert.That(Fault(first, second, longer), Is.EqualTo((StatementFaultKind.Fork, "Seq 8 follows 3, and so does 6.")));
        Assert.That(Fault(first, onAnother)!.Value.Kind, Is.EqualTo(StatementFaultKind.Fork));
        Assert.That(Fault(first, onAnother)!.Value.Message, Does.StartWith("Seq 6 follows an entry with hash"));
        Assert.That(Fault(first, new TestLedger().Heartbeat(version: "0.3.0").Encode())!.Value.Message, Does.StartWith("Two statements with seq 3 are signed"));
    }

    [Test]
    public void A_key_is_silent_after_it_signed_its_successor_there_and_in_every_other_epoch()
    {
        var ledger = new TestLedger();
        var first = ledger.Heartbeat().Encode();
        var early = new TestLedger(epoch: Other);
        var before = early.Heartbeat().Encode();
        ledger.Rotate(_next);
        var after = ledger.Heartbeat(between: 0).Encode();
        var stale = new TestLedger(epoch: Other).Heartbeat().Encode();

        Assert.That(Fault(first, before, after), Is.Null);
        Assert.That(Fault(first, after, first), Is.Null, "what was said before the change still holds");
        Assert.That(Fault(first, after, stale), Is.EqualTo((StatementFaultKind.StaleKey, "Seq 3 is signed with a key that signed its successor at seq 4.")));

        ledger.Signer = TestKeys.Agent;
        Assert.That(Fault(first, after, ledger.Heartbeat().Encode())!.Value.Kind, Is.EqualTo(StatementFaultKind.StaleKey));
    }

    [Test]
    public void A_second_story_the_old_key_told_up_to_the_change_is_a_fork()
    {
        var ledger = new TestLedger();
        var first = ledger.Heartbeat().Encode();
        ledger.Rotate(_next);
        var after = ledger.Heartbeat(between: 0).Encode();
        var other = new TestLedger();
        other.Heartbeat();

        Assert.That(Fault(first, after, other.Heartbeat(between: 0).Encode()), Is.EqualTo((StatementFaultKind.Fork, "Seq 4 follows 3, and so does 5.")));
    }

    [Test]
    public void A_receipt_may_come_before_its_statement_but_not_without_it()
    {
        var ledger = new TestLedger();
        var (first, second) = (ledger.Heartbeat().Encode(), ledger.Heartbeat().Encode());
        var receipt = Receipt(ledger, 6);

        Assert.That(Fault(first, receipt, second), Is.Null);
        Assert.That(Fault(first, second, receipt), Is.Null);
        Assert.That(Fault(first, receipt), Is.EqualTo((StatementFaultKind.Truncated, $"The audit server receipted seq 6 of epoch {ledger.Epoch}; the dossier ends before it.")));
        Assert.That(Fault(Receipt(ledger, 6), first)!.Value.Kind, Is.EqualTo(StatementFaultKind.Truncated));
    }

    [Test]
    public void A_receipt_for_other_bytes_is_a_fork_and_one_of_another_key_is_refused()
    {
        var ledger = new TestLedger();
        var first = ledger.Heartbeat().Encode();

        Assert.That(Fault(first, Receipt(ledger, 3, new string('b', 64)))!.Value.Message, Does.StartWith("The audit server receipted seq 3 with hash bbbb"));
        Assert.That(Fault(first, Receipt(ledger, 3, key: _agent))!.Value.Kind, Is.EqualTo(StatementFaultKind.UnknownKey));
        Assert.That(Fault(first, Encoding.UTF8.GetBytes("{\"receipt\":\"a.b.c\",\"more\":1}"))!.Value.Message, Does.Contain("unknown key \"more\""));
    }

    [Test]
    public void A_nonce_is_answered_once_and_a_retired_key_attests_nothing()
    {
        var ledger = new TestLedger();
        var first = ledger.Heartbeat().Encode();
        var (once, other, none) = (Attestation(ledger, "AAECAwQFBgcICQoLDA0ODw"), Attestation(ledger, "BAECAwQFBgcICQoLDA0ODw"), Attestation(ledger, null));

        Assert.That(Fault(first, once, other, none, none), Is.Null);
        Assert.That(Fault(first, once, once), Is.EqualTo((StatementFaultKind.Replayed, "The nonce was answered before.")));
        Assert.That(Fault(first, Attestation(ledger, null, late: 120))!.Value.Kind, Is.EqualTo(StatementFaultKind.NotFresh));

        ledger.Rotate(_next);
        var after = ledger.Heartbeat(between: 0).Encode();
        Assert.That(Fault(first, after, once)!.Value.Kind, Is.EqualTo(StatementFaultKind.StaleKey));
        Assert.That(Fault(first, after, Attestation(ledger, null, key: _next)), Is.Null);
    }

    (StatementFaultKind Kind, string Message)? Fault(params byte[][] lines)
    {
        var walk = Walk();
        foreach (var line in lines)
            walk.Accept(line);
        return walk.End() is { } fault ? (fault.Kind, fault.Message) : null;
    }

    DossierWalk Walk() => new(TestKeys.Pinned(_agent), TestKeys.Pinned(_server));

    byte[] Receipt(TestLedger ledger, int seq, string? entry = null, ECDsa? key = null)
    {
        var receipt = ReceiptCodecTests.Receipt() with { Epoch = ledger.Epoch, Seq = seq, Entry = entry ?? EntryCodec.Hash(ledger.Entries[seq - 1].Span) };
        return Encoding.UTF8.GetBytes($$"""{"receipt":"{{Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Receipt, key ?? _server)}}"}""");
    }

    byte[] Attestation(TestLedger ledger, string? nonce, int late = 0, ECDsa? key = null)
    {
        var attestation = new Attestation
        {
            Site = "HZ-0001", Agent = "HZ-0001-a", Epoch = ledger.Epoch, Seq = 3, Head = EntryCodec.Hash(ledger.Entries[2].Span), IssuedAt = TestLedger.Start, Nonce = nonce,
            Boot = "boot-1", MonotonicMilliseconds = 5, Pending = 0, OldestPending = null, Receipt = null, AsOf = null, Cameras = [],
        };
        var at = OrderedFields.FormatTime(attestation.IssuedAt.AddSeconds(late));
        var jws = Jws.Sign(AttestationCodec.Encode(attestation), StatementTypes.Attestation, key ?? _agent);
        return Encoding.UTF8.GetBytes($$"""{"attestation":"{{jws}}","nonce":{{(nonce is null ? "null" : $"\"{nonce}\"")}},"at":"{{at}}"}""");
    }
}
