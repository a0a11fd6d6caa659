using System.Security.Cryptography;
using System.Text;
using Agent.Cli;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using Agent.Tests.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Cli;

/// <summary>What <c>verify</c> says of a ledger export, and which line it names.</summary>
sealed class LedgerExportCheckTests : IDisposable
{
    readonly ECDsa _server = TestKeys.Server();

    public void Dispose() => _server.Dispose();

    [Test]
    public async Task An_export_that_holds_is_told_with_what_nails_it_down()
    {
        var (ledger, lines) = Stated();
        lines.AddRange(With(ledger, Receipt(ledger, 1)));
        ledger.Append(EntryTypes.Finding);
        lines.Add(Text(ledger, 3));

        var (holds, said) = await CheckAsync(lines);

        Assert.That(holds, Is.True, said);
        Assert.That(said, Does.StartWith("The ledger export holds: 3 entries, seq 1 to 3, no line missing, moved or changed.")
            .And.Contain($"  of          agent HZ-0001-a, epoch {ledger.Epoch}").And.Contain("  written     2026-11-23T10:00:01.000Z to 2026-11-23T10:00:03.000Z")
            .And.Contain($"  head        {EntryCodec.Hash(ledger.Entries[2].Span)}").And.Contain("  statements  1").And.Contain("  signatures  1 hold")
            .And.Contain("  receipts    1 hold, the newest for seq 1, received 2026-11-23T10:00:00.123Z by audit.test")
            .And.Contain("Up to seq 1 an audit server vouches for it; what follows rests on the head alone")
            .And.Not.Contain("not checked").And.Not.Contain("elsewhere").And.Not.Contain("unsigned").And.Not.Contain("before  "));
    }

    [Test]
    public async Task One_entry_without_receipts_is_vouched_for_by_nobody()
    {
        var (holds, said) = await CheckAsync([Text(new TestLedger().Append(EntryTypes.Finding), 1)]);

        Assert.That(holds, Is.True);
        Assert.That(said, Does.Contain("holds: 1 entry, seq 1 to 1,").And.Contain("Nothing in it is vouched for from outside; compare the head with a heartbeat."));
    }

    [Test]
    public async Task Several_epochs_and_one_that_began_later_are_told()
    {
        var (_, both) = await CheckAsync(TestExports.TwoEpochs());
        var (_, later) = await CheckAsync(TestExports.After(TestExports.OneEpoch(), TestExports.Second));

        Assert.That(both, Does.Contain("in 2 epochs, no line").And.Contain($"epoch {TestExports.Second}, seq 1 to 3").And.Contain("  signatures  3 hold"));
        Assert.That(later, Does.Contain("  before      an epoch that is not here: the first entry says how it ended"));
    }

    [Test]
    public async Task Signatures_and_receipts_of_unknown_keys_prove_nothing_either_way()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ledger = new TestLedger { Signer = () => ECDsa.Create(stranger.ExportParameters(true)) };
        var request = ledger.Tick();
        var lines = new List<string> { Text(ledger, 1), SignatureLine.Of(request.Jws) };
        lines.AddRange(With(ledger, Receipt(ledger, 1, key: stranger)));
        ledger.LastHeartbeat = 2;
        ledger.Tick();
        lines.Add(Text(ledger, 3));

        var (holds, said) = await CheckAsync(lines);

        Assert.That(holds, Is.True, said);
        Assert.That(said, Does.Contain("  unsigned    1 statement(s) without a signature").And.Contain("  not checked 1 signature(s): their keys are not in ")
            .And.Contain("  not checked 1 receipt(s): their keys are not in ").And.Contain("  receipts    0 hold"));
    }

    [Test]
    public async Task A_receipt_for_another_epoch_lies_elsewhere()
    {
        var (ledger, lines) = Stated();
        lines.AddRange(With(ledger, Receipt(ledger, 1, r => r with { Epoch = TestExports.Third })));

        var (holds, said) = await CheckAsync(lines);

        Assert.That(holds, Is.True, said);
        Assert.That(said, Does.Contain("  elsewhere   1 receipt(s) for statements that are not here"));
    }

    [Test]
    public async Task A_receipt_of_an_earlier_epoch_still_vouches_for_it()
    {
        var above = TestExports.OneEpoch();
        var first = EntryCodec.Decode(Encoding.UTF8.GetBytes(above[2]));
        var below = TestExports.After(above, TestExports.Second);
        var last = EntryCodec.Decode(Encoding.UTF8.GetBytes(below[^1]));
        string Entry(Receipt receipt) => Encoding.UTF8.GetString(EntryCodec.Encode(last with
        {
            Seq = last.Seq + 1, Previous = EntryCodec.Hash(Encoding.UTF8.GetBytes(below[^1])), Type = EntryTypes.Receipt,
            Body = Encoding.UTF8.GetBytes($$"""{"jws":"{{Jws.Sign(ReceiptCodec.Encode(receipt), StatementTypes.Receipt, _server)}}"}"""),
        }));
        var sound = ReceiptCodecTests.Receipt() with { Epoch = first.Epoch, Seq = first.Seq, Entry = EntryCodec.Hash(Encoding.UTF8.GetBytes(above[2])) };

        var (holds, said) = await CheckAsync([.. above, .. below, Entry(sound)]);
        var (_, lost) = await CheckAsync([.. above, .. below, Entry(sound with { Seq = 99 })]);
        var (changed, fault) = await CheckAsync([.. above, .. below, Entry(sound with { Entry = new string('b', 64) })]);

        Assert.That((holds, changed), Is.EqualTo((true, false)), said + fault);
        Assert.That(said, Does.Contain($"Up to seq {first.Seq} of epoch {first.Epoch} an audit server vouches for it"));
        Assert.That(lost, Does.Contain("  elsewhere   1 receipt(s)"), "the gap says that what came after the end is lost");
        Assert.That(fault, Does.Contain("which is not the one above: something up to there was changed."));
    }

    [Test]
    public async Task The_newest_of_several_receipts_is_the_one_that_vouches()
    {
        var (ledger, lines) = Stated();
        var second = ledger.Tick();
        lines.AddRange([Text(ledger, 2), SignatureLine.Of(second.Jws)]);
        lines.AddRange(With(ledger, Receipt(ledger, 2)));
        lines.AddRange(With(ledger, Receipt(ledger, 1)));

        Assert.That((await CheckAsync(lines)).Said, Does.Contain("  receipts    2 hold, the newest for seq 2,"));
    }

    [TestCase("agent")]
    [TestCase("seq")]
    [TestCase("entry")]
    public async Task A_receipt_for_something_else_is_a_fault_of_its_line(string what)
    {
        var (ledger, lines) = Stated();
        lines.AddRange(With(ledger, Receipt(ledger, 1, r => what switch
        {
            "agent" => r with { Agent = "HZ-0002-a" },
            "seq" => r with { Seq = 2 },
            _ => r with { Entry = new string('b', 64) },
        })));

        var (holds, said) = await CheckAsync(lines);

        Assert.That(holds, Is.False);
        Assert.That(said, Does.StartWith("The ledger export DOES NOT HOLD. First fault: line 3, seq 2: the audit server's receipt in it is for a statement with seq"));
    }

    [TestCase("{}", "the entry says it is a receipt and holds none.")]
    [TestCase("""{"jws":7}""", "the entry says it is a receipt and holds none.")]
    [TestCase("""{"jws":"x"}""", "the receipt in it does not hold (Malformed). ")]
    public async Task What_is_no_receipt_is_a_fault_of_its_line(string body, string fault)
    {
        var (ledger, lines) = Stated();
        ledger.Append(EntryTypes.Receipt, body);

        Assert.That((await CheckAsync([.. lines, Text(ledger, 2)])).Said, Does.StartWith($"The ledger export DOES NOT HOLD. First fault: line 3, seq 2: {fault}"));
    }

    [Test]
    public async Task A_signed_receipt_that_cannot_be_read_is_a_fault_of_its_line()
    {
        var (ledger, lines) = Stated();
        lines.AddRange(With(ledger, Jws.Sign("{}"u8, StatementTypes.Receipt, _server)));

        Assert.That((await CheckAsync(lines)).Said, Does.Contain("line 3, seq 2: the receipt in it does not hold (Malformed). Receipt: \"v\" is missing."));
    }

    [Test]
    public async Task A_signature_that_does_not_fit_is_a_fault()
    {
        var (ledger, lines) = Stated();
        var other = Jws.Sign("{}"u8, StatementTypes.Tick, TestKeys.Agent());

        Assert.That((await CheckAsync([lines[0], SignatureLine.Of(other)])).Said, Does.Contain("line 2, seq 1: the signature of the statement above does not hold (BadSignature)."));
        Assert.That(ledger.Entries, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_changed_key_signs_from_there_on_and_the_old_one_no_longer()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (ledger, lines) = Stated();
        ledger.Rotate(next);
        var second = ledger.Tick();
        lines.AddRange([Text(ledger, 2), Text(ledger, 3)]);
        using var old = TestKeys.Agent();
        var stale = SignatureLine.Of(Jws.Sign(ledger.Entries[2].Span, StatementTypes.Tick, old));

        Assert.That((await CheckAsync([.. lines, SignatureLine.Of(second.Jws)])).Said, Does.Contain("  signatures  2 hold"));
        Assert.That(await FaultAsync([.. lines, stale]), Is.EqualTo("line 5, seq 3: the statement above is signed with a key that signed its successor at seq 2 (StaleKey)."));
    }

    [Test]
    public async Task What_the_old_key_signed_at_a_place_before_or_in_another_epoch_is_not_of_its_change()
    {
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (ledger, lines) = Stated();
        ledger.Rotate(next);
        lines.Add(Text(ledger, 2));
        // An epoch that began from a copy with the old key: whether it may is for whoever knows both to say.
        var (holds, said) = await CheckAsync([.. lines, .. TestExports.After(lines, TestExports.Second)]);

        Assert.That(holds, Is.True, said);
        Assert.That(said, Does.Contain("  signatures  2 hold"));
    }

    [Test]
    public async Task A_change_of_key_is_checked_as_far_as_keys_are_known()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var unknown = new TestLedger { Signer = () => ECDsa.Create(stranger.ExportParameters(true)) }.Rotate(_server);
        var broken = new TestLedger().Append(EntryTypes.KeyRotate, """{"jws":"x"}""");

        Assert.That((await CheckAsync([Text(unknown, 1)])).Holds, Is.True);
        Assert.That(await FaultAsync([Text(broken, 1)]), Does.StartWith("line 1, seq 1: the change of key in it does not hold (Malformed). "));
    }

    [Test]
    public async Task A_signature_that_belongs_to_nothing_and_a_first_entry_that_follows_one_are_named()
    {
        var (ledger, lines) = Stated();
        var first = EntryCodec.Encode(EntryCodec.Decode(ledger.Entries[0]) with { Type = EntryTypes.Finding, Previous = new string('a', 64) });

        Assert.That(await FaultAsync([lines[1]]), Does.StartWith("line 1: A signature stands here"));
        Assert.That(await FaultAsync([lines[0], lines[1][..^5]], end: ""), Does.StartWith("line 2: the file ends in the middle of it. "));
        Assert.That(await FaultAsync([Encoding.UTF8.GetString(first)]), Does.StartWith("line 1, seq 1: ").And.Not.Contain("was changed after"));
        Assert.That(await FaultAsync([Text(ledger, 1), Encoding.UTF8.GetString(first)], end: ""), Does.StartWith("line 2, seq 1: ").And.Not.Contain("ends in the middle"));
    }

    [Test]
    public async Task The_first_line_that_does_not_fit_is_named_with_what_may_be_wrong()
    {
        var ledger = new TestLedger().Append(EntryTypes.Finding).Append(EntryTypes.Finding, """{"x":1}""").Append(EntryTypes.Finding);
        string[] lines = [Text(ledger, 1), Text(ledger, 2), Text(ledger, 3)];
        var changed = lines[1].Replace("\"x\":1", "\"x\":2", StringComparison.Ordinal);

        Assert.That(await FaultAsync([]), Is.EqualTo("line 1, where seq 1 belongs: the file is empty."));
        Assert.That(await FaultAsync([lines[0], changed, lines[2]]), Does.StartWith("line 3, seq 3: ").And.EndWith(" This line or line 2 was changed after it was written."));
        Assert.That(await FaultAsync([lines[0], lines[2]]), Does.StartWith("line 2, seq 3: ").And.Not.Contain("was changed after"));
        Assert.That(await FaultAsync([lines[0], "x", lines[2]]), Does.StartWith("line 2, where seq 2 belongs: ").And.Not.Contain("ends in the middle"));
        Assert.That(await FaultAsync([lines[0], lines[1][..20]], end: ""), Does.StartWith("line 2, where seq 2 belongs: the file ends in the middle of it. "));
        Assert.That(await FaultAsync([Text(new TestLedger("HZ-0002-a").Append(EntryTypes.Finding), 1)], pinned: true), Does.StartWith("line 1, seq 1: "));
        Assert.That((await CheckAsync([.. lines.Select(line => line + "\r")])).Holds, Is.True, "Windows ends lines with two characters");
        Assert.That((await CheckAsync(lines, end: "")).Holds, Is.True, "the last line need not have an end");
    }

    [Test]
    public async Task What_is_missing_is_named_before_what_is_wrong_after_it()
    {
        var ledger = new TestLedger().Append(EntryTypes.Finding).Append(EntryTypes.Finding).Append(EntryTypes.Receipt);

        Assert.That(await FaultAsync([Text(ledger, 1), Text(ledger, 3)]), Does.StartWith("line 2, seq 3: ").And.Contain("2 was expected here"));
    }

    static async Task<string> FaultAsync(IReadOnlyList<string> lines, string end = "\n", bool pinned = false)
    {
        var (holds, said) = await CheckAsync(lines, end, pinned);
        Assert.That(holds, Is.False, said);
        const string Begin = "The ledger export DOES NOT HOLD. First fault: ";
        Assert.That(said, Does.StartWith(Begin));
        return said[Begin.Length..].TrimEnd();
    }

    static async Task<(bool Holds, string Said)> CheckAsync(IReadOnlyList<string> lines, string end = "\n", bool pinned = false)
    {
        using var said = new StringWriter();
        using var export = new MemoryStream(Encoding.UTF8.GetBytes(lines.Count == 0 ? "" : string.Join('\n', lines) + end));
        var check = new LedgerExportCheck(said, pinned ? await CheckKeys.PinnedAsync() : await CheckKeys.BothAsync());
        return (await check.HoldsAsync(export, CancellationToken.None), said.ToString());
    }

    // A tick and its signature.
    static (TestLedger Ledger, List<string> Lines) Stated()
    {
        var ledger = new TestLedger();
        var request = ledger.Tick();
        return (ledger, [Text(ledger, 1), SignatureLine.Of(request.Jws)]);
    }

    static IEnumerable<string> With(TestLedger ledger, string receipt)
    {
        ledger.Append(EntryTypes.Receipt, $$"""{"jws":"{{receipt}}"}""");
        return [Text(ledger, ledger.Entries.Count)];
    }

    string Receipt(TestLedger ledger, int seq, Func<Receipt, Receipt>? change = null, ECDsa? key = null)
    {
        var receipt = ReceiptCodecTests.Receipt() with { Epoch = ledger.Epoch, Seq = seq, Entry = EntryCodec.Hash(ledger.Entries[seq - 1].Span) };
        return Jws.Sign(ReceiptCodec.Encode(change is null ? receipt : change(receipt)), StatementTypes.Receipt, key ?? _server);
    }

    static string Text(TestLedger ledger, int seq) => Encoding.UTF8.GetString(ledger.Entries[seq - 1].Span);
}
