using System.Text;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class AcceptanceTests(TestDatabase database)
{
    [Test]
    public async Task A_receipt_is_for_exactly_what_was_stored()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();

        var receipt = await server.Receipted(ledger, request);

        Assert.That(receipt, Is.EqualTo(new Receipt
        {
            Server = "audit.test",
            Site = "HZ-0001",
            Agent = "HZ-0001-a",
            Epoch = ledger.Epoch,
            Seq = 3,
            Entry = EntryCodec.Hash(ledger.Entries[2].Span),
            ReceivedAt = server.Time.GetUtcNow(),
            Previous = null,
            LateSeconds = 57,
            Findings = [],
            Judged = ServerJudgement.NotJudged,
            Asks = [],
        }));
        for (var seq = 1; seq <= 3; seq++)
            Assert.That(server.Query<byte[]>($"SELECT bytes FROM entries WHERE seq = {seq}"), Is.EqualTo(ledger.Entries[seq - 1].ToArray()));
        Assert.That(server.Query<string>("SELECT jws FROM statements"), Is.EqualTo(request.Jws));
    }

    [Test]
    public async Task The_next_receipt_names_the_heartbeat_before()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var first = await server.Receipted(ledger, ledger.Heartbeat());
        var second = await server.Receipted(ledger, ledger.Heartbeat(between: 0));

        Assert.That(second.Previous, Is.EqualTo(first.Entry));
        Assert.That(second.Findings, Is.Empty);
    }

    [Test]
    public async Task The_same_heartbeat_gets_the_same_receipt_whenever_and_however_signed()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();
        var first = await server.Post(request);
        server.Time.Advance(TimeSpan.FromDays(3));
        using var key = TestKeys.Agent();
        var signedAgain = request with { Jws = Jws.Sign(ledger.Entries[^1].Span, StatementTypes.Heartbeat, key) };

        Assert.That((await server.Post(request)).Receipt, Is.EqualTo(first.Receipt));
        Assert.That((await server.Post(signedAgain)).Receipt, Is.EqualTo(first.Receipt));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings WHERE code <> 'MissingHeartbeat'"), Is.Zero);
    }

    [Test]
    public async Task A_restart_keeps_everything()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();
        var receipt = (await server.Post(request)).Receipt;
        var keys = (await server.Json("/.well-known/jwks.json")).GetRawText();
        var sites = (await server.Json("/v1/sites")).GetRawText();

        await server.Restart();

        Assert.That((await server.Json("/.well-known/jwks.json")).GetRawText(), Is.EqualTo(keys));
        Assert.That((await server.Json("/v1/sites")).GetRawText(), Is.EqualTo(sites));
        Assert.That((await server.Post(request)).Receipt, Is.EqualTo(receipt));
        Assert.That((await server.Receipted(ledger, ledger.Heartbeat())).Previous, Is.EqualTo(EntryCodec.Hash(ledger.Entries[2].Span)));
    }

    [Test]
    public async Task Posted_at_once_the_same_heartbeat_is_one_row_and_one_receipt()
    {
        await using var server = await RunningServer.Start(database);
        var request = new TestLedger().Heartbeat(between: 20);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => server.Post(request)));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(200));
        Assert.That(answers.Select(answer => answer.Receipt).Distinct().Count(), Is.EqualTo(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(21));
    }

    [Test]
    public async Task Posted_at_once_two_stories_are_one_receipt_and_one_finding()
    {
        await using var server = await RunningServer.Start(database);
        var one = new TestLedger().Heartbeat(version: "1");
        var two = new TestLedger().Heartbeat(version: "2");

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => server.Post(i % 2 == 0 ? one : two)));

        Assert.That(answers.Count(answer => answer.Status == 200), Is.EqualTo(12));
        Assert.That(answers.Count(answer => answer is { Status: 409, Code: "Equivocation" }), Is.EqualTo(12));
        Assert.That(answers.Select(answer => answer.Receipt).OfType<string>().Distinct().Count(), Is.EqualTo(1));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.EqualTo(1));
    }

    [TestCase(119, null)]
    [TestCase(121, "Late")]
    [TestCase(60 * 24 * 30, "Late")]
    [TestCase(-4, null)]
    [TestCase(-6, "ClockAhead")]
    public async Task An_odd_time_is_a_finding_never_a_refusal(int minutesLater, string? code)
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger { Now = server.Time.GetUtcNow() - TimeSpan.FromMinutes(minutesLater) };

        var receipt = await server.Receipted(ledger, ledger.Heartbeat(between: 0));

        Assert.That(receipt.Findings.Select(finding => finding.Code), Is.EqualTo(code is null ? [] : new[] { code }));
        Assert.That(receipt.LateSeconds, Is.EqualTo(Math.Max(0, (minutesLater * 60) - 1)));
        Assert.That(server.Query<long>("SELECT count(*) FROM findings"), Is.EqualTo(code is null ? 0 : 1));
    }

    [Test]
    public async Task A_heartbeat_without_its_predecessor_is_accepted_with_a_finding_and_the_predecessor_afterwards()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var first = ledger.Heartbeat();
        var second = ledger.Heartbeat();

        var early = await server.Receipted(ledger, second);
        var afterwards = await server.Receipted(ledger, first);

        Assert.That(early.Findings.Single().Code, Is.EqualTo("MissingPredecessor"));
        Assert.That(early.Previous, Is.Null);
        Assert.That(afterwards.Findings, Is.Empty);
        Assert.That((await server.Receipted(ledger, ledger.Heartbeat())).Previous, Is.EqualTo(early.Entry));
    }

    [Test]
    public async Task A_later_heartbeat_may_cover_one_that_never_came()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var lost = ledger.Heartbeat();
        ledger.LastHeartbeat = 0;

        var covering = await server.Receipted(ledger, ledger.Heartbeat());

        Assert.That((covering.Seq, covering.Findings), Is.EqualTo((6L, Array.Empty<ReceiptFinding>())));
        Assert.That((await server.Receipted(ledger, lost)).Seq, Is.EqualTo(3));
    }

    [Test]
    public async Task A_new_epoch_of_a_known_agent_is_a_finding_once()
    {
        await using var server = await RunningServer.Start(database);
        var old = new TestLedger();
        var opened = new TestLedger(epoch: new Guid("11111111-2222-3333-4444-555555555555"));

        Assert.That((await server.Receipted(old, old.Heartbeat())).Findings, Is.Empty);
        Assert.That((await server.Receipted(opened, opened.Heartbeat())).Findings.Single().Code, Is.EqualTo("NewEpoch"));
        Assert.That((await server.Receipted(opened, opened.Heartbeat())).Findings, Is.Empty);
        Assert.That((await server.Receipted(old, old.Heartbeat())).Findings, Is.Empty);
    }

    [Test]
    public async Task What_could_not_be_stored_gets_no_receipt_and_can_be_sent_again()
    {
        await using var server = await RunningServer.Start(database);
        server.ErrorsExpected = true;
        var ledger = new TestLedger();
        var request = ledger.Heartbeat();
        server.FailInserts("statements");

        var failed = await server.Post(request);

        Assert.That((failed.Status, failed.Code, failed.Receipt), Is.EqualTo((503, "NotStored", (string?)null)));
        Assert.That(server.Query<long>("SELECT count(*) FROM entries"), Is.Zero);
        server.HealInserts("statements");
        Assert.That((await server.Receipted(ledger, request)).Findings, Is.Empty);
    }

    [Test]
    public async Task One_that_cannot_be_stored_keeps_no_other_out()
    {
        await using var server = await RunningServer.Start(database);
        server.ErrorsExpected = true;
        server.FailInserts("findings");
        var sound = Enumerable.Range(0, 20).Select(_ => new TestLedger(epoch: Guid.NewGuid())).ToList();
        // The only epoch without a finding is the first, so that one is accepted whatever happens to the others.
        var first = await server.Post(sound[0].Heartbeat());

        var answers = await Task.WhenAll(sound.Skip(1).Select(ledger => server.Post(ledger.Heartbeat())).Append(server.Post(sound[0].Heartbeat())));

        Assert.That(first.Status, Is.EqualTo(200));
        Assert.That(answers.SkipLast(1).Select(answer => answer.Code), Is.All.EqualTo("NotStored"));
        Assert.That(answers[^1].Status, Is.EqualTo(200));
        Assert.That(server.Query<long>("SELECT count(*) FROM chains"), Is.EqualTo(1));
    }

    [Test]
    public async Task Evidence_cannot_be_changed_or_removed_by_a_slip([Values("entries", "statements", "findings")] string table)
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger { Now = TestLedger.Start - TimeSpan.FromDays(1) };
        await server.Post(ledger.Heartbeat());

        Assert.That(() => server.Run($"DELETE FROM {table}"), Throws.Exception.With.Message.Contains("never removed"));
        Assert.That(() => server.Run($"UPDATE {table} SET seq = 9"), Throws.Exception.With.Message.Contains("never changed"));
    }

    [Test]
    public async Task Every_stored_byte_can_be_walked_as_a_chain_again()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        for (var i = 0; i < 10; i++)
            await server.Receipted(ledger, ledger.Heartbeat(between: i % 4));

        var stored = Enumerable.Range(1, ledger.Entries.Count)
            .Select(seq => (ReadOnlyMemory<byte>)server.Query<byte[]>($"SELECT bytes FROM entries WHERE seq = {seq}"));
        var walk = new ChainWalk(ChainStart.OfEpoch);
        foreach (var entry in stored)
            walk.Accept(entry);

        Assert.That(walk.Fault, Is.Null);
        Assert.That(walk.Head, Is.EqualTo(EntryCodec.Hash(ledger.Entries[^1].Span)));
        Assert.That(Encoding.UTF8.GetString(ledger.Entries[^1].Span), Does.Contain("\"heartbeat\""));
    }
}
