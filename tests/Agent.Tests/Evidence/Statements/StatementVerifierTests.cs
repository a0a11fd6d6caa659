using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class StatementVerifierTests
{
    [Test]
    public void The_first_heartbeat_of_an_epoch_holds()
    {
        var ledger = new TestLedger();
        var check = Verify(ledger.Heartbeat());

        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Heartbeat!.Entry.Seq, Is.EqualTo(3));
        Assert.That(check.Heartbeat.After, Is.Zero);
        Assert.That(check.Heartbeat.AfterHash, Is.EqualTo(EntryCodec.NoPrevious));
        Assert.That(check.Heartbeat.EntryHash, Is.EqualTo(EntryCodec.Hash(ledger.Entries[2].Span)));
        Assert.That(check.Heartbeat.Between.Select(entry => entry.ToArray()), Is.EqualTo(ledger.Entries.Take(2).Select(entry => entry.ToArray())));
    }

    [Test]
    public void The_next_one_follows_the_one_before([Values(0, 1, 5)] int between)
    {
        var ledger = new TestLedger();
        ledger.Heartbeat();
        var head = EntryCodec.Hash(ledger.Entries[^1].Span);
        var request = ledger.Heartbeat(between);

        Assert.That(Verify(request).Heartbeat!.AfterHash, Is.EqualTo(head));
        Assert.That(Verify(request, new ChainStart { Agent = "HZ-0001-a", Epoch = ledger.Epoch, Seq = 4, Previous = head }).Fault, Is.Null);
        Assert.That(Verify(request, new ChainStart { Previous = new string('a', 64) }).Fault!.Kind, Is.EqualTo(StatementFaultKind.BrokenChain));
        Assert.That(Verify(request, new ChainStart { Seq = 3 }).Fault!.Kind, Is.EqualTo(StatementFaultKind.BrokenChain));
        Assert.That(Verify(request, new ChainStart { Agent = "HZ-0002-a" }).Fault!.Kind, Is.EqualTo(StatementFaultKind.BrokenChain));
        Assert.That(Verify(request, new ChainStart { Epoch = Guid.Empty }).Fault!.Kind, Is.EqualTo(StatementFaultKind.BrokenChain));
    }

    [Test]
    public void Entries_removed_repeated_moved_or_changed_are_a_broken_chain()
    {
        var sound = new TestLedger().Heartbeat(between: 4);
        var entries = sound.Entries;

        foreach (var broken in new IReadOnlyList<string>[]
        {
            [],
            [.. entries.Skip(1)],
            [.. entries.SkipLast(1)],
            [entries[0], entries[2], entries[3]],
            [entries[0], entries[1], entries[1], entries[3]],
            [entries[1], entries[0], entries[2], entries[3]],
            [entries[0], entries[1].Replace("{}", "{\"a\":1}", StringComparison.Ordinal), entries[2], entries[3]],
            [entries[0], entries[1], entries[2], entries[3].Replace("boot-1", "boot-2", StringComparison.Ordinal)],
            [entries[0], entries[1], entries[2], "not an entry"],
            [.. entries, entries[3]],
        })
        {
            var check = Verify(sound with { Entries = broken });
            Assert.That(check.Fault?.Kind, Is.EqualTo(StatementFaultKind.BrokenChain), string.Join('\n', broken));
            Assert.That(check.Heartbeat, Is.Null);
        }
    }

    [Test]
    public void A_forked_ledger_cannot_deliver_the_other_branch()
    {
        var request = new TestLedger().Heartbeat(between: 3);
        var fork = new TestLedger().Append().Append().Append(body: """{"kept":false}""");

        var check = Verify(request with { Entries = [.. fork.Entries.Select(entry => Encoding.UTF8.GetString(entry.Span))] });

        Assert.That(check.Fault!.Chain, Is.EqualTo(new ChainFault(ChainFaultKind.BrokenLink, 3, 4, check.Fault.Message)));
    }

    [TestCase("tick", """{"after":0}""", "of type tick")]
    [TestCase("heartbeat", "{}", "after")]
    [TestCase("heartbeat", """{"after":"0"}""", "after")]
    [TestCase("heartbeat", """{"after":-1}""", "after")]
    [TestCase("heartbeat", """{"after":0.5}""", "after")]
    [TestCase("heartbeat", """{"after":1}""", "after")]
    [TestCase("heartbeat", """{"after":99}""", "after")]
    public void A_signed_entry_that_is_no_heartbeat_is_malformed(string type, string body, string reason)
    {
        var entry = new TestLedger().Append(type, body).Entries[0];

        var fault = Verify(new HeartbeatRequest(Sign(entry.Span), [])).Fault!;

        Assert.That(fault.Kind, Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(fault.Message, Does.Contain(reason));
    }

    [TestCase("""{"after":0}""")]
    [TestCase("""{"site":"HZ-0001","cameras":[{"after":9}],"x":{"after":9},"after":0}""")]
    public void What_a_statement_follows_is_found_wherever_it_stands(string body)
    {
        var entry = new TestLedger().Append(EntryTypes.Heartbeat, body).Entries[0];

        Assert.That(Verify(new HeartbeatRequest(Sign(entry.Span), [])).Heartbeat!.After, Is.Zero);
    }

    [TestCase("""{"x":{"after":0}}""")]
    [TestCase("""{"after":null,"x":0}""")]
    [TestCase("""{"after":{"after":0}}""")]
    public void A_number_elsewhere_is_not_what_it_follows(string body) =>
        Assert.That(Verify(new HeartbeatRequest(Sign(new TestLedger().Append(EntryTypes.Heartbeat, body).Entries[0].Span), [])).Fault!.Message, Does.Contain("\"after\" is not a whole number"));

    [Test]
    public void A_key_that_is_introduced_signs_from_there_on_and_the_old_one_no_longer()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var last = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ledger = new TestLedger().Append().Rotate(next).Append().Rotate(last);
        var check = Verify(ledger.Heartbeat(between: 1));

        Assert.That(check.Fault, Is.Null);
        Assert.That(check.Heartbeat!.Key, Is.EqualTo(Jwk.FromKey(last)));
        Assert.That(check.Heartbeat.Rotations.Select(r => (r.New, r.Rotation.Seq)), Is.EqualTo(new[] { (Jwk.FromKey(next), 2L), (Jwk.FromKey(last), 4L) }));

        foreach (Func<ECDsa> stale in new[] { TestKeys.Agent, () => ECDsa.Create(next.ExportParameters(true)) })
        {
            var again = new TestLedger().Append().Rotate(next).Append().Rotate(last);
            again.Signer = stale;
            Assert.That(Verify(again.Heartbeat(between: 1)).Fault!.Kind, Is.EqualTo(StatementFaultKind.StaleKey));
        }
    }

    [Test]
    public void Only_the_newest_key_names_its_successor()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var last = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ledger = new TestLedger().Rotate(next);
        ledger.Signer = TestKeys.Agent;
        var fault = Verify(ledger.Rotate(last).Heartbeat(between: 0)).Fault!;

        Assert.That((fault.Kind, fault.Message), Is.EqualTo((StatementFaultKind.UnknownKey, $"Entry with seq 2: {fault.Message[18..]}")));
    }

    [Test]
    public void An_entry_that_only_speaks_of_a_key_change_is_none()
    {
        var ledger = new TestLedger().Append("config-change", """{"x":{"type":"key-rotate"}}""");
        Assert.That(Verify(ledger.Heartbeat()).Heartbeat!.Rotations, Is.Empty);
    }

    [Test]
    public void A_statement_of_a_first_epoch_begins_with_its_first_entry()
    {
        var ledger = new TestLedger();
        var forged = EntryCodec.Encode(TestLedger.Entry(body: """{"after":0}""") with { Type = EntryTypes.Heartbeat, Previous = new string('a', 64) });

        Assert.That(Verify(new HeartbeatRequest(Sign(forged), [])).Fault!.Kind, Is.EqualTo(StatementFaultKind.BrokenChain));
        Assert.That(Verify(ledger.Tick()).Heartbeat!.Entry.Type, Is.EqualTo(EntryTypes.Tick));
    }

    [Test]
    public void What_contradicts_the_pinned_place_is_told_in_both_numbers()
    {
        var ledger = new TestLedger();
        ledger.Heartbeat();
        var request = ledger.Heartbeat();

        Assert.That(Broken(new ChainStart { Agent = "HZ-0002-a" }), Is.EqualTo("The heartbeat is of agent HZ-0001-a, expected was HZ-0002-a."));
        Assert.That(Broken(new ChainStart { Epoch = Guid.Empty }), Is.EqualTo($"The heartbeat is of epoch {ledger.Epoch}, expected was {Guid.Empty}."));
        Assert.That(Broken(new ChainStart { Seq = 3 }), Is.EqualTo("The heartbeat covers the ledger from seq 4, expected was 3."));
        Assert.That(Verify(request with { Entries = [] }).Fault!.Message, Is.EqualTo("Between seq 3 and 6 lie 2 entries; 0 were delivered."));

        string Broken(ChainStart start) => Verify(request, start).Fault!.Message;
    }

    [Test]
    public void A_receipt_names_agent_epoch_place_and_bytes()
    {
        var ledger = new TestLedger();
        ledger.Heartbeat();
        using var server = TestKeys.Server();
        var sound = ReceiptCodecTests.Receipt() with { Epoch = ledger.Epoch, Seq = 3, Entry = EntryCodec.Hash(ledger.Entries[2].Span) };
        foreach (var other in new[] { sound with { Agent = "HZ-0002-a" }, sound with { Epoch = Guid.Empty }, sound with { Seq = 4 }, sound with { Entry = new string('c', 64) } })
        {
            var fault = StatementVerifier.VerifyReceipt(Jws.Sign(ReceiptCodec.Encode(other), StatementTypes.Receipt, server), TestKeys.Pinned(server), ledger.Entries[2]).Fault!;
            Assert.That((fault.Kind, fault.Message), Is.EqualTo((StatementFaultKind.WrongSubject,
                $"The receipt is for entry {other.Entry} with seq {other.Seq} of {other.Agent}, not for this heartbeat.")));
        }
    }

    [Test]
    public void A_signed_payload_that_is_no_entry_is_malformed() =>
        Assert.That(Verify(new HeartbeatRequest(Sign("{}"u8), [])).Fault!.Kind, Is.EqualTo(StatementFaultKind.Malformed));

    [Test]
    public void Faults_of_the_JWS_keep_their_name()
    {
        var sound = new TestLedger().Heartbeat();
        using var server = TestKeys.Server();
        using var agent = TestKeys.Agent();
        var parts = sound.Jws.Split('.');

        Assert.That(StatementVerifier.VerifyHeartbeat(sound, TestKeys.Pinned(server)).Fault!.Kind, Is.EqualTo(StatementFaultKind.UnknownKey));
        Assert.That(Verify(sound with { Jws = "x" }).Fault!.Kind, Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(Verify(sound with { Jws = $"{parts[0]}.e30.{parts[2]}" }).Fault!.Kind, Is.EqualTo(StatementFaultKind.BadSignature));
        Assert.That(Verify(sound with { Jws = Jws.Sign("{}"u8, StatementTypes.Attestation, agent) }).Fault!.Kind, Is.EqualTo(StatementFaultKind.WrongType));
    }

    [Test]
    public void A_receipt_holds_for_its_heartbeat_only()
    {
        var ledger = new TestLedger();
        ledger.Heartbeat();
        ledger.Heartbeat();
        using var server = TestKeys.Server();
        using var agent = TestKeys.Agent();
        var receipt = ReceiptCodecTests.Receipt() with
        {
            Agent = "HZ-0001-a", Epoch = ledger.Epoch, Seq = 3, Entry = EntryCodec.Hash(ledger.Entries[2].Span),
        };
        var jws = Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Receipt, server);

        Assert.That(StatementVerifier.VerifyReceipt(jws, TestKeys.Pinned(server), ledger.Entries[2]).Receipt, Is.EqualTo(receipt));
        Assert.That(Fault(jws, server, ledger.Entries[5]), Is.EqualTo(StatementFaultKind.WrongSubject));
        Assert.That(Fault(jws, agent, ledger.Entries[2]), Is.EqualTo(StatementFaultKind.UnknownKey));
        Assert.That(Fault(Jws.Sign("{}"u8, StatementTypes.Receipt, server), server, ledger.Entries[2]), Is.EqualTo(StatementFaultKind.Malformed));
        Assert.That(Fault(Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Heartbeat, server), server, ledger.Entries[2]), Is.EqualTo(StatementFaultKind.WrongType));

        static StatementFaultKind? Fault(string jws, ECDsa pinned, ReadOnlyMemory<byte> heartbeat) =>
            StatementVerifier.VerifyReceipt(jws, TestKeys.Pinned(pinned), heartbeat).Fault?.Kind;
    }

    static HeartbeatCheck Verify(HeartbeatRequest request, ChainStart? previous = null)
    {
        using var key = TestKeys.Agent();
        return StatementVerifier.VerifyHeartbeat(request, TestKeys.Pinned(key), previous);
    }

    static string Sign(ReadOnlySpan<byte> payload)
    {
        using var key = TestKeys.Agent();
        return Jws.Sign(payload, StatementTypes.Heartbeat, key);
    }
}
