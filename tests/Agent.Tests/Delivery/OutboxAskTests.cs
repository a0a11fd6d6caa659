using System.Security.Cryptography;
using System.Text;
using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.Evidence.Statements;
using Agent.Tests.Ledger;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>What the outbox says before the backlog, what it does with what receipts ask, and how it learns that its ledger is an old copy.</summary>
sealed class OutboxAskTests
{
    static readonly string Nonce = new('A', 22);

    readonly LedgerFixture _fixture = new();
    readonly List<Ask> _answered = [];
    ScriptedAuditServer _server = null!;
    UpstreamClient _client = null!;
    Outbox _outbox = null!;

    LedgerStore Ledger => _fixture.Ledger;

    [SetUp]
    public async Task Start()
    {
        _server = await ScriptedAuditServer.StartAsync(_fixture.Identity.Key.Public, TimeProvider.System);
        var options = new UpstreamOptions { FirstPause = TimeSpan.FromMilliseconds(1), Tries = 2 };
        _client = new UpstreamClient(_server.Url, new UpstreamResilience(options, TimeProvider.System), TimeProvider.System);
        _outbox = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), _fixture.Time, nonce => nonce ?? "fresh", (ask, _) =>
        {
            _answered.Add(ask);
            return Task.CompletedTask;
        });
    }

    [TearDown]
    public async Task Stop()
    {
        _outbox.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [Test]
    public async Task After_a_silence_an_attestation_goes_first_and_only_once()
    {
        Beat(3);
        await DrainAsync();
        Beat(1);
        await DrainAsync();
        Assert.That(_server.Attested, Is.EqualTo(new[] { "fresh after 0" }));

        _fixture.Time.Advance(TimeSpan.FromMinutes(16));
        Beat(2);
        await DrainAsync();

        Assert.That(_server.Attested, Is.EqualTo(new[] { "fresh after 0", "fresh after 4" }));
        Assert.That(_server.Accepted, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task On_a_dead_line_the_attestation_is_all_that_is_tried()
    {
        Beat(2);
        _server.AttestationStatus = StatusCodes.Status503ServiceUnavailable;

        var report = await DrainAsync();

        Assert.That((report.Receipted, report.Pending, report.LastFailure), Is.EqualTo((0, 2L, "Http503")));
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_server_that_will_not_have_attestations_still_gets_statements([Values(404, 400)] int status)
    {
        Beat(2);
        _server.AttestationStatus = status;

        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Receipted)).EqualTo(2));
    }

    [Test]
    public async Task What_a_receipt_asks_is_done_at_once_and_attesting_with_the_nonce_it_named()
    {
        Ask[] asks = [new NextAsk("n-1", _fixture.Time.GetUtcNow()), new AttestAsk("a-1", Nonce), new ChallengeAsk("c-1", Ledger.Read.Head.Epoch, 1, SegmentSamples.Usual), new AssignAsk("s-1", "c-0a1b2c3d4e", 15)];
        _server.Script.Enqueue((context, heartbeat) => context.Response.WriteAsJsonAsync(new { receipt = _server.Sign(heartbeat, change: r => r with { Asks = [.. asks] }) }));
        Beat(1);

        await DrainAsync();

        Assert.That(_server.Attested, Is.EqualTo(new[] { "fresh after 0", $"{Nonce} after 0" }));
        Assert.That(_answered, Is.EqualTo(asks.Where(ask => ask is not AttestAsk)));
    }

    [Test]
    public async Task Nobody_who_cannot_sign_as_the_audit_server_can_ask_for_anything()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _server.Script.Enqueue((context, heartbeat) => context.Response.WriteAsJsonAsync(
            new { receipt = _server.Sign(heartbeat, stranger, r => r with { Asks = [new AttestAsk("a-1", Nonce), new AssignAsk("s-1", "c-1", 1)] }) }));
        Beat(1);

        await DrainAsync();

        Assert.That(_server.Attested, Has.Count.EqualTo(1));
        Assert.That(_answered, Is.Empty);
    }

    [Test]
    public async Task An_agent_that_can_answer_nothing_is_still_receipted()
    {
        using var mute = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), _fixture.Time);
        _server.Script.Enqueue((context, heartbeat) => context.Response.WriteAsJsonAsync(
            new { receipt = _server.Sign(heartbeat, change: r => r with { Asks = [new AttestAsk("a-1", Nonce), new AssignAsk("s-1", "c-1", 1)] }) }));
        Beat(1);

        Assert.That((await mute.DrainAsync(CancellationToken.None)).Receipted, Is.EqualTo(1));
        Assert.That(_server.Attested, Is.Empty);
    }

    [Test]
    public async Task Told_by_signature_that_another_entry_stands_in_its_place_the_ledger_begins_anew_and_names_both()
    {
        var old = Ledger.Read.Head.Epoch;
        Beat(1);
        RefuseWithStanding(r => r with { Seq = 7, Entry = new string('e', 64) });

        await DrainAsync();

        Assert.That(Ledger.Read.Head.Epoch, Is.Not.EqualTo(old));
        var gap = Ledger.Read.EntriesBetween(Ledger.Read.Head.Epoch, 0, 2).Select(EntryCodec.Decode).Single();
        Assert.That(gap.Type, Is.EqualTo(EntryTypes.Gap));
        Assert.That(Encoding.UTF8.GetString(gap.Body.Span), Does.Contain("\"reason\":\"rolled-back\"").And.Contain(new string('e', 64)).And.Contain("\"seq\":7"));
    }

    [TestCase("of another agent")]
    [TestCase("of another epoch")]
    [TestCase("for what is there")]
    [TestCase("signed by a stranger")]
    [TestCase("no receipt at all")]
    [TestCase("of no form")]
    public async Task What_does_not_prove_that_changes_nothing(string how)
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var old = Ledger.Read.Head.Epoch;
        Beat(1);
        if (how == "no receipt at all")
            _server.Script.Enqueue(ScriptedAuditServer.Answer(409, "Equivocation"));
        else if (how == "of no form")
            Refuse(_ => _server.SignAnything("{}"));
        else
            RefuseWithStanding(
                r => how switch
                {
                    "of another agent" => r with { Agent = "HZ-0001-b", Entry = new string('e', 64) },
                    "of another epoch" => r with { Epoch = Guid.NewGuid(), Entry = new string('e', 64) },
                    "signed by a stranger" => r with { Entry = new string('e', 64) },
                    _ => r,
                },
                how == "signed by a stranger" ? stranger : null);

        var report = await DrainAsync();

        Assert.That(Ledger.Read.Head.Epoch, Is.EqualTo(old));
        Assert.That((report.SetAside, report.LastFailure), Is.EqualTo((0, "Equivocation")));
    }

    [Test]
    public async Task The_heartbeat_that_was_asked_for_is_made_when_it_is_due_and_no_other()
    {
        var due = new HeartbeatDue(_fixture.Time);
        var round = new HeartbeatRound(Ledger, _outbox, LedgerFixture.Heartbeat, new DeliveryWords(Microsoft.Extensions.Logging.Abstractions.NullLogger<DeliveryWords>.Instance, _fixture.Time), due);
        var now = _fixture.Time.GetUtcNow();
        due.Ask(new NextAsk("n-1", now.AddMinutes(10)));
        due.Ask(new NextAsk("n-2", now.AddMinutes(5)));
        due.Ask(new NextAsk("n-3", now.AddMinutes(20)));

        Assert.That(await round.RunIfDueAsync(CancellationToken.None), Is.Null);
        _fixture.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await round.RunIfDueAsync(CancellationToken.None))!.Receipted, Is.EqualTo(1));
        Assert.That(await round.RunIfDueAsync(CancellationToken.None), Is.Null);
        round.Tick();
        Assert.That((await round.SendPendingAsync(CancellationToken.None))!.Receipted, Is.EqualTo(1));
        Assert.That(round.Latest!.Receipted, Is.EqualTo(1));
        Assert.That(_fixture.Entries().Select(e => e.Type).Where(type => type != EntryTypes.Receipt), Is.EqualTo(new[] { EntryTypes.Heartbeat, EntryTypes.Tick }));
    }

    void RefuseWithStanding(Func<Receipt, Receipt> change, ECDsa? key = null) => Refuse(heartbeat => _server.Sign(heartbeat, key, change));

    void Refuse(Func<VerifiedHeartbeat, string> standing) => _server.Script.Enqueue(async (context, heartbeat) =>
    {
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        await context.Response.WriteAsJsonAsync(new { code = "Equivocation", receipt = standing(heartbeat) }, options: null, contentType: "application/problem+json");
    });

    void Beat(int count)
    {
        for (var i = 0; i < count; i++)
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
    }

    Task<DeliveryReport> DrainAsync() => _outbox.DrainAsync(CancellationToken.None);
}
