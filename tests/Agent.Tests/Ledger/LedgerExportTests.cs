using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

sealed class LedgerExportTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    [Test]
    public void An_export_is_the_exact_entries_one_a_line_and_verifies_anywhere()
    {
        _fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        _fixture.Ledger.Append("note", LedgerFixture.Body("""{"名":"前门"}"""));
        _fixture.Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        using var text = new StringWriter();

        Assert.That(LedgerExportStore.Write(_fixture.Ledger.Read, text), Is.EqualTo((3, 1)));

        Assert.That(text.ToString(), Does.EndWith("\n"));
        var written = text.ToString().TrimEnd('\n').Split('\n');
        Assert.That(written.Select(line => SignatureLine.IsOne(Encoding.UTF8.GetBytes(line))), Is.EqualTo(new[] { false, false, false, true }));
        var lines = written[..3].Select(line => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(line))).ToList();
        Assert.That(ChainVerifier.FirstFault(lines, ChainStart.OfEpoch with { Agent = _fixture.Identity.Agent }), Is.Null);
        Assert.That(EntryCodec.Hash(lines[^1].Span), Is.EqualTo(_fixture.Ledger.Read.Head.Hash));
    }

    public void Dispose() => _fixture.Dispose();
}
