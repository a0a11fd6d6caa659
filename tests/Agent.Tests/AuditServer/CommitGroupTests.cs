using System.Buffers.Text;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;
using Agent.Tests.Evidence.Chain;
using AuditServer.Intake;
using AuditServer.Receipts;
using AuditServer.Sites;
using NUnit.Framework;

namespace Agent.Tests.AuditServer;

/// <summary>Statements that wait together are looked up together, stored together and committed once; each is decided as if it were alone.</summary>
[TestFixture(TestDatabase.Sqlite)]
[TestFixture(TestDatabase.Postgres)]
internal sealed class CommitGroupTests(TestDatabase database)
{
    [Test]
    public async Task Statements_of_one_agent_in_one_commit_see_each_other()
    {
        await using var server = await RunningServer.Start(database);
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server.Pin(agent: "HZ-0002-a", site: "HZ-0002", name: "two", key: otherKey);
        var ledger = new TestLedger();
        var other = new TestLedger(agent: "HZ-0002-a") { Signer = () => ECDsa.Create(otherKey.ExportParameters(includePrivateParameters: true)) };
        var (first, second, third) = (ledger.Heartbeat(), ledger.Tick(), ledger.Heartbeat(between: 20));

        // None of these fails: what failed together would be tried again one by one, and that hides what they did not see.
        var outcomes = await Together(server, third, other.Tick(site: "HZ-0002"), first, second);

        Assert.That(outcomes.Select(outcome => outcome.Refusal), Is.All.Null);
        var receipts = Array.ConvertAll(outcomes, outcome => ReceiptOf(outcome.Receipt!));
        Assert.That(receipts.SelectMany(receipt => receipt.Findings), Is.Empty);
        Assert.That(receipts.Select(receipt => receipt.Previous), Is.EqualTo(new[] { receipts[3].Entry, null, null, receipts[2].Entry }));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(4));
        Assert.That(server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(ledger.Entries.Count + other.Entries.Count));
        Assert.That(server.Query<long>("SELECT head_seq FROM chains WHERE agent = 'HZ-0001-a'"), Is.EqualTo(receipts[0].Seq));
    }

    [Test]
    public async Task A_repeated_and_a_contradicting_statement_in_one_commit_get_the_answers_they_would_get_later()
    {
        await using var server = await RunningServer.Start(database);
        var ledger = new TestLedger();
        var statement = ledger.Heartbeat();

        var outcomes = await Together(server, statement, statement, new TestLedger(epoch: ledger.Epoch).Heartbeat(version: "0.2.0"));

        Assert.That(outcomes.Select(outcome => outcome.Refusal?.Code), Is.EqualTo(new RefusalCode?[] { null, null, RefusalCode.Equivocation }));
        Assert.That(outcomes[1].Receipt, Is.EqualTo(outcomes[0].Receipt));
        Assert.That(outcomes[2].Refusal!.Receipt, Is.EqualTo(outcomes[0].Receipt));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(1));
        Assert.That(server.Query<string>("SELECT code FROM findings"), Is.EqualTo("Equivocation"));
    }

    [Test]
    public async Task Of_those_in_one_commit_the_one_that_cannot_be_stored_is_refused_alone()
    {
        await using var server = await RunningServer.Start(database);
        server.ErrorsExpected = true;
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server.Pin(agent: "HZ-0002-a", site: "HZ-0002", name: "two", key: otherKey);
        var ledger = new TestLedger();
        var other = new TestLedger(agent: "HZ-0002-a") { Signer = () => ECDsa.Create(otherKey.ExportParameters(includePrivateParameters: true)) };
        await server.Receipted(ledger, ledger.Tick());
        server.Run("CREATE UNIQUE INDEX one_of_a_site ON statements (site)");

        var outcomes = await Together(server, ledger.Tick(), other.Tick(site: "HZ-0002"));

        Assert.That(outcomes.Select(outcome => outcome.Refusal?.Code), Is.EqualTo(new RefusalCode?[] { RefusalCode.NotStored, null }));
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(2));
    }

    [Test]
    public async Task More_than_is_sent_to_the_database_at_once_is_stored_whole()
    {
        await using var server = await RunningServer.Start(database);
        var keys = Enumerable.Range(2, 4).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256)).ToList();
        var ledgers = keys.Select((key, i) =>
        {
            server.Pin(agent: $"HZ-1{i}-a", site: $"HZ-1{i}", name: $"{i}", key: key);
            return new TestLedger(agent: $"HZ-1{i}-a") { Signer = () => ECDsa.Create(key.ExportParameters(includePrivateParameters: true)) };
        }).ToList();
        var requests = ledgers.Select((ledger, i) => Large(ledger, $"HZ-1{i}")).ToArray();
        Assert.That(requests.Sum(request => request.Encode().Length), Is.GreaterThan(5 << 20));

        var outcomes = await Together(server, requests);

        Assert.That(outcomes.Select(outcome => outcome.Refusal), Is.All.Null);
        Assert.That(server.Query<long>("SELECT count(*) FROM statements"), Is.EqualTo(4));
        Assert.That(server.Query<long>("SELECT count(*) FROM entries"), Is.EqualTo(ledgers.Sum(ledger => ledger.Entries.Count)));
        keys.ForEach(key => key.Dispose());
    }

    static HeartbeatRequest Large(TestLedger ledger, string site)
    {
        for (var i = 0; i < 2; i++)
            ledger.Append("config-change", $$"""{"what":"{{new string('x', 900_000)}}"}""");
        return ledger.Tick(site: site);
    }

    // The writer is held in a commit until all of them wait for the next one.
    static async Task<IntakeOutcome[]> Together(RunningServer server, params HeartbeatRequest[] requests)
    {
        using var gate = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var intake = server.Service<HeartbeatIntake>();
        var held = server.Service<EvidenceWriter>().DecideAsync(new Decision(Nobody(), _ =>
        {
            isHeld.SetResult();
            gate.Wait();
            return IntakeOutcome.Refused(RefusalCode.Malformed, "It only holds the others up.");
        }), CancellationToken.None);
        await isHeld.Task;
        var waiting = Array.ConvertAll(requests, request => intake.TakeAsync(request.Encode(), CancellationToken.None));
        var areWaiting = Array.TrueForAll(waiting, task => !task.IsCompleted);
        gate.Set();
        await held;
        var outcomes = await Task.WhenAll(waiting);
        Assert.That(areWaiting);
        return outcomes;
    }

    static DeliveredHeartbeat Nobody()
    {
        var request = new TestLedger(agent: "HZ-0009-a").Tick();
        using var key = TestKeys.Agent();
        var jwk = Jwk.FromKey(key);
        var check = StatementVerifier.VerifyHeartbeat(request, _ => jwk);
        return new DeliveredHeartbeat(
            new PinnedAgent("HZ-0009", "HZ-0009-a", jwk, Revoked: false), check.Heartbeat!, request.Jws, check.Heartbeat!.Entry.Time, new HeartbeatOpinion(ServerJudgement.NotJudged, []));
    }

    static Receipt ReceiptOf(string jws) => ReceiptCodec.Decode(Base64Url.DecodeFromChars(jws.Split('.')[1]));
}
