using System.Security.Cryptography;
using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

/// <summary>Heartbeats and ticks: one line of statements, none of which has to carry more than a request may hold.</summary>
sealed class LedgerStatementTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    LedgerStore Ledger => _fixture.Ledger;

    [Test]
    public void A_tick_is_signed_queued_and_says_what_waits()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.SetAside(Ledger.Read.NextPending()!, "Equivocation");
        Ledger.Acknowledge(Ledger.Read.NextPending()!, "a.b.c");
        Ledger.AppendTick();

        var pending = Ledger.Read.NextPending()!;
        var check = Jws.Verify(pending.Jws, StatementTypes.Tick, _ => _fixture.Identity.Key.Public);
        Assert.That(check.Fault, Is.Null);
        Assert.That(TickCodec.Decode(EntryCodec.Decode(check.Payload).Body), Is.EqualTo(new Tick
        {
            After = 2,
            Site = "HZ-0571-0001",
            Receipt = Convert.ToHexStringLower(SHA256.HashData("a.b.c"u8)),
            Pending = 0,
            SetAside = 1,
        }));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public void Each_statement_names_the_one_before_it_whichever_kind()
    {
        Ledger.AppendTick();
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.AppendTick();

        Assert.That(Statements().Select(s => s.After), Is.EqualTo(new long[] { 0, 1, 2 }));
        HoldsUpstream();
    }

    [Test]
    public void A_backlog_of_receipts_never_makes_a_request_too_large()
    {
        var receipt = $"a.{new string('x', 1200)}.c";
        for (var i = 0; i < 1500; i++)
        {
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            Ledger.Acknowledge(Ledger.Read.NextPending()!, receipt);
        }

        for (var i = 0; i < 1500; i++)
            Ledger.Append("note", LedgerFixture.Body($$"""{"jws":"{{receipt}}"}"""));
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        Assert.That(Statements().Max(s => Request(s).Encode().Length), Is.LessThan(1 << 20).And.GreaterThan(1 << 18));
        Assert.That(_fixture.Entries().Count(e => e.Type == EntryTypes.Tick), Is.GreaterThan(2));
        HoldsUpstream();
    }

    [Test]
    public void The_largest_entry_and_the_largest_heartbeat_still_fit()
    {
        var large = LedgerFixture.Body($$"""{"x":"{{new string('x', 1_000_000)}}"}""");
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.Append("note", large);
        Ledger.Append("note", LedgerFixture.Body());
        Ledger.AppendHeartbeat(after => LedgerFixture.Body($$"""{"after":{{after}},"x":"{{new string('x', 1_000_000)}}"}"""));

        Assert.That(Statements().Max(s => Request(s).Encode().Length), Is.LessThan(HeartbeatRequest.MaxBytes));
        HoldsUpstream();
    }

    [Test]
    public void An_entry_may_name_its_own_place()
    {
        Ledger.Append("note", LedgerFixture.Body());
        var head = Ledger.Append("key-rotate", (epoch, seq) => LedgerFixture.Body($$"""{"epoch":"{{epoch}}","seq":{{seq}}}"""));

        Assert.That(Encoding.UTF8.GetString(_fixture.Entries()[^1].Body.Span), Is.EqualTo($$"""{"epoch":"{{head.Epoch}}","seq":2}"""));
    }

    public void Dispose() => _fixture.Dispose();

    List<PendingStatement> Statements()
    {
        var statements = new List<PendingStatement>();
        foreach (var entry in _fixture.Entries().Where(e => e.Type is EntryTypes.Tick or EntryTypes.Heartbeat))
        {
            using var body = System.Text.Json.JsonDocument.Parse(entry.Body);
            var bytes = EntryCodec.Encode(entry);
            statements.Add(new PendingStatement(statements.Count + 1, entry.Epoch, entry.Seq, body.RootElement.GetProperty("after").GetInt64(),
                _fixture.Identity.Key.Sign(bytes, entry.Type == EntryTypes.Tick ? StatementTypes.Tick : StatementTypes.Heartbeat), bytes, 0));
        }

        return statements;
    }

    HeartbeatRequest Request(PendingStatement s) =>
        new(s.Jws, [.. Ledger.Read.EntriesBetween(s.Epoch, s.After, s.Seq).Select(bytes => Encoding.UTF8.GetString(bytes.Span))]);

    // As the audit server would: every statement in turn, each from where the one before it ended.
    void HoldsUpstream()
    {
        var next = ChainStart.OfEpoch;
        foreach (var statement in Statements())
        {
            var check = StatementVerifier.VerifyHeartbeat(HeartbeatRequest.Decode(Request(statement).Encode()), _ => _fixture.Identity.Key.Public, next);
            Assert.That(check.Fault?.Message, Is.Null);
            next = next with { Seq = statement.Seq + 1, Previous = EntryCodec.Hash(statement.Bytes.Span) };
        }
    }
}
