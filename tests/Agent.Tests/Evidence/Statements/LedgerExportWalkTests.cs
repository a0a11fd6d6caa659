using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class LedgerExportWalkTests
{
    [Test]
    public void Statements_are_put_together_as_they_were_posted()
    {
        var ledger = new TestLedger().Append(EntryTypes.Finding);
        var first = ledger.Heartbeat(between: 0);
        ledger.Append(EntryTypes.Finding).Append(EntryTypes.Finding);
        var second = ledger.Tick();

        var (told, fault) = Walk(TestExports.Lines(ledger, new Dictionary<long, HeartbeatRequest> { [2] = first, [5] = second }));

        Assert.That(fault, Is.Null);
        Assert.That(told.Select(t => Encoding.UTF8.GetString(t.Request!.Encode())), Is.EqualTo(new[] { first, second }.Select(r => Encoding.UTF8.GetString(r.Encode()))));
        Assert.That(told.Select(t => (t.Line, t.Epoch, t.Seq)), Is.EqualTo(new[] { (3L, ledger.Epoch, 2L), (7L, ledger.Epoch, 5L) }));
    }

    [Test]
    public void Epochs_follow_each_other_by_what_the_gap_says()
    {
        var walk = new LedgerExportWalk();
        var lines = TestExports.TwoEpochs();

        Assert.That(lines.Select(line => walk.Accept(Bytes(line))), Is.All.Null);
        Assert.That(walk.End(), Is.Null);
        Assert.That((walk.Count, walk.Epochs, walk.BeginsLater, walk.Last!.Epoch, walk.Head), Is.EqualTo((9, 2, false, TestExports.Second, EntryCodec.Hash(Bytes(lines[^1]).Span))));
        Assert.That(walk.Has(new TestLedger().Epoch) && walk.Has(TestExports.Second) && !walk.Has(TestExports.Third), Is.True);
    }

    [Test]
    public void Before_the_first_line_there_is_nothing()
    {
        var walk = new LedgerExportWalk();
        Assert.That((walk.Last, walk.Head, walk.Count, walk.Epochs, walk.Entry, walk.Told, walk.Owed), Is.EqualTo(((LedgerEntry?)null, (string?)null, 0L, 0, (LedgerEntry?)null, (ExportedStatement?)null, (LedgerExportFault?)null)));
    }

    [TestCase("epoch")]
    [TestCase("seq")]
    [TestCase("hash")]
    public void A_gap_that_names_another_end_does_not_follow(string what)
    {
        var above = TestExports.OneEpoch();
        var last = EntryCodec.Decode(Bytes(above[^1]));
        var hash = EntryCodec.Hash(Bytes(above[^1]).Span);
        string Gap(Guid epoch, long seq, string head) => Encoding.UTF8.GetString(
            new TestLedger(epoch: TestExports.Second).Append(EntryTypes.Gap, TestExports.Gap(epoch, seq, head, 6)).Entries[0].Span);

        var (_, sound) = Walk([.. above, Gap(last.Epoch, last.Seq, hash)]);
        var (_, fault) = Walk([.. above, Gap(what == "epoch" ? TestExports.Third : last.Epoch, what == "seq" ? last.Seq - 1 : last.Seq, what == "hash" ? new string('b', 64) : hash)]);

        Assert.That(sound, Is.Null);
        Assert.That((fault!.Line, fault.Kind), Is.EqualTo((9L, StatementFaultKind.BrokenChain)));
        Assert.That(fault.Message, Does.EndWith("that is not the entry above."));
    }

    [Test]
    public void One_epoch_alone_says_that_another_was_before_it()
    {
        var walk = new LedgerExportWalk();
        foreach (var line in TestExports.After(TestExports.OneEpoch(), TestExports.Second))
            Assert.That(walk.Accept(Bytes(line)), Is.Null);

        Assert.That(walk.End(), Is.Null);
        Assert.That(walk.BeginsLater, Is.True);
    }

    [Test]
    public void A_statement_without_a_signature_is_told_as_such()
    {
        var lines = TestExports.OneEpoch();
        lines.RemoveAt(3);
        var (told, fault) = Walk(lines);
        var (ofLast, _) = Walk([.. TestExports.OneEpoch().Take(6)]);

        Assert.That(fault, Is.Null);
        Assert.That(told.Select(t => (t.Line, t.Seq, t.Request is null)), Is.EqualTo(new[] { (3L, 3L, true), (6L, 5L, false) }));
        Assert.That(told[1].Request!.Entries, Has.Count.EqualTo(1), "it tells of what came after the one before, signed or not");
        Assert.That(ofLast.Select(t => (t.Line, t.Seq, t.Request is null)), Is.EqualTo(new[] { (4L, 3L, false), (6L, 5L, true) }));
    }

    [TestCase("line 2 removed", 2, ChainFaultKind.SequenceGap)]
    [TestCase("line 1 removed", 1, ChainFaultKind.SequenceGap)]
    [TestCase("lines 1 and 2 swapped", 1, ChainFaultKind.SequenceGap)]
    [TestCase("line 2 repeated", 3, ChainFaultKind.SequenceGap)]
    [TestCase("line 2 changed", 3, ChainFaultKind.BrokenLink)]
    [TestCase("line 2 spoilt", 2, ChainFaultKind.Malformed)]
    [TestCase("another agent's line 2", 2, ChainFaultKind.WrongAgent)]
    [TestCase("a signature moved", 5, null)]
    [TestCase("a signature repeated", 5, null)]
    [TestCase("a signature spoilt", 4, null)]
    [TestCase("a signature whole", 4, null)]
    [TestCase("a signature with more in it", 4, null)]
    [TestCase("the gap removed", 9, ChainFaultKind.SequenceGap, false)]
    [TestCase("the first epoch's end removed", 8, null)]
    [TestCase("the gap of another end", 9, null)]
    [TestCase("the first epoch goes on", 13, null)]
    [TestCase("an entry of the first epoch removed", 5, ChainFaultKind.SequenceGap)]
    [TestCase("nothing left", 1, null)]
    public void What_was_changed_is_named_by_its_line(string how, int line, ChainFaultKind? chain, bool byChain = true)
    {
        var (_, fault) = Walk(Tampered(how));

        Assert.That(fault, Is.Not.Null);
        Assert.That(fault!.Line, Is.EqualTo(line), fault.Message);
        Assert.That(fault.Chain?.Kind, byChain ? Is.EqualTo(chain) : Is.Null, fault.Message);
        Assert.That(fault.Kind, Is.EqualTo(chain == ChainFaultKind.Malformed || how.Contains("signature", StringComparison.Ordinal) || how == "nothing left" ? StatementFaultKind.Malformed : StatementFaultKind.BrokenChain));
    }

    [Test]
    public void What_an_ended_epoch_lacks_is_accounted_for_by_the_gap_that_counts_what_is_left()
    {
        var first = TestExports.OneEpoch();
        first.RemoveAt(4);
        var walk = new LedgerExportWalk();
        foreach (var line in first)
            Assert.That(walk.Accept(Bytes(line)), Is.Null);
        Assert.That(walk.Owed?.Line, Is.EqualTo(5));
        foreach (var line in TestExports.After(first, TestExports.Second))
            Assert.That(walk.Accept(Bytes(line)), Is.Null);

        Assert.That(walk.End(), Is.Null);
        Assert.That(walk.Lacks(new TestLedger().Epoch, 4), Is.True);
        Assert.That(walk.Lacks(new TestLedger().Epoch, 3) || walk.Lacks(TestExports.Second, 4), Is.False);
        Assert.That(walk.Lacks(new TestLedger().Epoch, 7), Is.True, "it may have had more");
    }

    [Test]
    public void What_a_second_damage_took_the_second_gap_accounts_for()
    {
        // The first epoch's last entries and the second one's gap are gone since the first damage.
        var second = TestExports.After(TestExports.OneEpoch(), TestExports.Second)[1..];
        List<string> left = [.. TestExports.OneEpoch()[..6], .. second];
        var (_, fault) = Walk([.. left, .. TestExports.After(left, TestExports.Third)]);
        var (_, cut) = Walk([.. left, .. TestExports.After(left, TestExports.Third, salvaged: 6)]);
        var (_, alone) = Walk(left);

        Assert.That(fault, Is.Null, fault?.Message);
        Assert.That((cut?.Line, alone?.Line), Is.EqualTo((7, 7)));
    }

    [Test]
    public void An_epoch_of_which_nothing_is_left_may_stand_between()
    {
        var ledger = new TestLedger(epoch: TestExports.Third).Append(EntryTypes.Gap, TestExports.Gap(TestExports.Second, 0, EntryCodec.NoPrevious, 6));
        var known = new TestLedger(epoch: TestExports.Third).Append(EntryTypes.Gap, TestExports.Gap(new TestLedger().Epoch, 0, EntryCodec.NoPrevious, 6));
        var none = new Dictionary<long, HeartbeatRequest>();

        Assert.That(Walk([.. TestExports.OneEpoch(), .. TestExports.Lines(ledger, none)]).Fault, Is.Null);
        Assert.That(Walk([.. TestExports.OneEpoch(), .. TestExports.Lines(known, none)]).Fault?.Line, Is.EqualTo(9), "of that one something is left");
    }

    [TestCase("""{"reason":"damaged"}""")]
    [TestCase("""{"epoch":5}""")]
    [TestCase("""{"epoch":"x"}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02"}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":5}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":"1"}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1.5,"hash":""}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1,"hash":1}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1,"hash":""}}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1,"hash":""},"salvaged":"6"}""")]
    [TestCase("""{"epoch":"1b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c02","head":{"seq":1,"hash":""},"salvaged":6.5}""")]
    public void A_gap_that_does_not_say_how_the_epoch_before_it_ended_links_nothing(string body)
    {
        var ledger = new TestLedger(epoch: TestExports.Second).Append(EntryTypes.Gap, body);

        var (_, fault) = Walk([.. TestExports.OneEpoch(), .. TestExports.Lines(ledger, new Dictionary<long, HeartbeatRequest>())]);

        Assert.That((fault?.Line, fault?.Kind), Is.EqualTo((9, StatementFaultKind.BrokenChain)));
    }

    [Test]
    public void More_than_a_statement_can_tell_of_is_refused_and_not_kept()
    {
        var ledger = new TestLedger();
        for (var i = 0; i < 5; i++)
            ledger.Append(EntryTypes.Finding, $$"""{"x":"{{new string('x', 1_000_000)}}"}""");
        var heartbeat = ledger.Heartbeat(between: 0);

        var (told, fault) = Walk(TestExports.Lines(ledger, new Dictionary<long, HeartbeatRequest> { [6] = heartbeat }));

        Assert.That(told, Is.Empty);
        Assert.That((fault?.Line, fault?.Kind), Is.EqualTo((7, StatementFaultKind.Malformed)));
    }

    [Test]
    public void Whose_ledger_it_must_be_can_be_said_beforehand_and_after_a_fault_it_is_over()
    {
        var walk = new LedgerExportWalk("HZ-0002-a");

        var fault = walk.Accept(Bytes(TestExports.OneEpoch()[0]));

        Assert.That(fault?.Chain?.Kind, Is.EqualTo(ChainFaultKind.WrongAgent));
        Assert.That(walk.Accept(Bytes(TestExports.OneEpoch()[0])), Is.SameAs(fault));
        Assert.That(walk.End(), Is.SameAs(fault));
    }

    [Test]
    public void Only_a_compact_jws_becomes_a_signature_line() => Assert.That(() => SignatureLine.Of("a.b"), Throws.ArgumentException);

    static List<string> Tampered(string how)
    {
        var lines = how.Contains("gap", StringComparison.Ordinal) || how.Contains("epoch", StringComparison.Ordinal) ? TestExports.TwoEpochs() : TestExports.OneEpoch();
        switch (how)
        {
            case "line 2 removed": lines.RemoveAt(1); break;
            case "line 1 removed": lines.RemoveAt(0); break;
            case "lines 1 and 2 swapped": (lines[0], lines[1]) = (lines[1], lines[0]); break;
            case "line 2 repeated": lines.Insert(2, lines[1]); break;
            case "line 2 changed": lines[1] = lines[1].Replace("\"body\":{}", "\"body\":{\"x\":1}", StringComparison.Ordinal); break;
            case "line 2 spoilt": lines[1] = lines[1][..^1]; break;
            case "another agent's line 2": lines[1] = lines[1].Replace("HZ-0001-a", "HZ-0002-a", StringComparison.Ordinal); break;
            case "a signature moved": (lines[3], lines[4]) = (lines[4], lines[3]); break;
            case "a signature repeated": lines.Insert(4, lines[3]); break;
            case "a signature spoilt": lines[3] = lines[3][..^1]; break;
            case "a signature whole": lines[3] = lines[3].Replace("..", ".e30.", StringComparison.Ordinal); break;
            case "a signature with more in it": lines[3] = lines[3][..^1] + ",\"x\":1}"; break;
            case "the gap removed": lines.RemoveAt(8); break;
            case "the first epoch's end removed": lines.RemoveAt(7); break;
            case "the gap of another end":
                var end = TestExports.OneEpoch();
                end[7] = end[7].Replace("\"body\":{}", "\"body\":{\"x\":1}", StringComparison.Ordinal);
                lines = [.. TestExports.OneEpoch(), .. TestExports.After(end, TestExports.Second)];
                break;
            case "the first epoch goes on": lines.Add(lines[7]); break;
            case "an entry of the first epoch removed": lines.RemoveAt(4); break;
            default: lines.Clear(); break;
        }

        return lines;
    }

    static (List<ExportedStatement> Told, LedgerExportFault? Fault) Walk(IEnumerable<string> lines)
    {
        var walk = new LedgerExportWalk();
        var told = new List<ExportedStatement>();
        foreach (var line in lines)
        {
            if (walk.Accept(Bytes(line)) is { } fault)
                return (told, fault);
            if (walk.Told is { } statement)
                told.Add(statement);
        }

        var end = walk.End();
        if (walk.Told is { } last)
            told.Add(last);
        return (told, end);
    }

    static ReadOnlyMemory<byte> Bytes(string line) => Encoding.UTF8.GetBytes(line);
}
