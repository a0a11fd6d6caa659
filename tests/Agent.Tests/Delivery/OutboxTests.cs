using System.Security.Cryptography;
using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Ledger;
using Agent.Tests.Hosting;
using Agent.Tests.Ledger;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

sealed class OutboxTests
{
    readonly LedgerFixture _fixture = new();
    ScriptedAuditServer _server = null!;
    UpstreamClient _client = null!;
    Outbox _outbox = null!;

    LedgerStore Ledger => _fixture.Ledger;

    [SetUp]
    public async Task Start()
    {
        _server = await ScriptedAuditServer.StartAsync(_fixture.Identity.Key.Public, TimeProvider.System);
        var options = new UpstreamOptions { FirstPause = TimeSpan.FromMilliseconds(1), Tries = 3 };
        _client = new UpstreamClient(_server.Url, new UpstreamResilience(options, TimeProvider.System), TimeProvider.System);
        _outbox = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), _fixture.Time);
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
    public async Task What_waits_is_sent_oldest_first_with_every_entry_in_between()
    {
        Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64));
        for (var i = 0; i < 3; i++)
        {
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            Ledger.Append("note", LedgerFixture.Body("""{"名":"前门+\"x\""}"""));
        }

        var report = await DrainAsync();

        Assert.That(report, Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 3, 3, 0, 0, null)));
        Assert.That(_server.Accepted, Is.EqualTo(new long[] { 2, 4, 6 }));
        Assert.That(_server.Faults, Is.Empty);
        Assert.That(_fixture.Entries().Count(entry => entry.Type == "receipt"), Is.EqualTo(3));
        Assert.That(Ledger.Read.Check(_fixture.Identity.Key.Public).Fault, Is.Null);
    }

    [Test]
    public async Task An_empty_outbox_says_nothing_to_anybody()
    {
        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Sent)).Zero);
        Assert.That(_server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_lost_acknowledgement_gives_one_acceptance_and_one_receipt()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _server.Script.Enqueue(_server.AcceptAndDropReply);

        var report = await DrainAsync();

        Assert.That(report, Has.Property(nameof(DeliveryReport.Receipted)).EqualTo(1));
        Assert.That(_server.Requests, Has.Count.EqualTo(2));
        Assert.That(_server.Accepted, Is.EqualTo(new long[] { 1 }));
        Assert.That(_fixture.Entries().Count(entry => entry.Type == "receipt"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_lost_acknowledgement_is_made_good_by_the_next_round_of_sending()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        for (var i = 0; i < 3; i++)
            _server.Script.Enqueue(_server.AcceptAndDropReply);

        var first = await DrainAsync();
        var second = await DrainAsync();

        Assert.That((first.Receipted, first.Pending), Is.EqualTo((0, 1)));
        Assert.That(first.LastFailure, Is.Not.Null);
        Assert.That((second.Receipted, second.Pending), Is.EqualTo((1, 0)));
        Assert.That(_server.Accepted, Is.EqualTo(new long[] { 1 }));
    }

    [Test]
    public async Task A_receipt_signed_with_another_key_is_not_believed()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Disbelieves((context, heartbeat) => context.Response.WriteAsJsonAsync(new { receipt = _server.Sign(heartbeat, stranger) }), "ReceiptUnknownKey");
    }

    [Test]
    public Task A_receipt_for_other_bytes_is_not_believed() => DisbelievesChanged(receipt => receipt with { Entry = new string('0', 64) });

    [Test]
    public Task A_receipt_for_another_number_is_not_believed() => DisbelievesChanged(receipt => receipt with { Seq = 7 });

    [Test]
    public Task A_receipt_for_another_epoch_is_not_believed() => DisbelievesChanged(receipt => receipt with { Epoch = Guid.NewGuid() });

    [Test]
    public Task A_receipt_for_another_agent_is_not_believed() => DisbelievesChanged(receipt => receipt with { Agent = "a-other" });

    [Test]
    public Task A_heartbeat_sent_back_is_no_receipt() =>
        Disbelieves((context, _) => context.Response.WriteAsJsonAsync(new { receipt = Ledger.Read.NextPending()!.Jws }), "ReceiptWrongType");

    [TestCase("<html>Welcome to our guest network</html>")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"receipt\":5}")]
    [TestCase("")]
    public Task A_friendly_answer_without_a_receipt_proves_nothing(string text) => Disbelieves(ScriptedAuditServer.Say(text), "NoReceipt");

    [TestCase(400, "Malformed")]
    [TestCase(409, "Equivocation")]
    [TestCase(409, "Fork")]
    [TestCase(413, "TooLarge")]
    [TestCase(422, "BadSignature")]
    [TestCase(422, "BrokenChain")]
    public async Task What_is_refused_for_good_is_set_aside_when_it_is_said_again_and_holds_up_nothing_meanwhile(int status, string code)
    {
        Beat(2);
        Refuse(status, code);

        var first = await DrainAsync();
        Assert.That(first, Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 2, 1, 0, 1, code)));
        Assert.That(_server.Accepted, Is.EqualTo(new long[] { 2 }));

        _fixture.Time.Advance(FirstRefusals.Wait - TimeSpan.FromSeconds(1));
        Assert.That(await DrainAsync(), Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 0, 0, 0, 1, null)), "not asked again so soon");

        _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Refuse(status, code);
        Assert.That(await DrainAsync(), Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 1, 0, 1, 0, code)));
        Assert.That(Ledger.Read.Counts, Is.EqualTo(new OutboxCounts(0, 1, 1, null)));
        Assert.That(_server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task One_wrong_answer_sets_nothing_aside()
    {
        Beat(2);
        Refuse(422, "BadSignature");
        await DrainAsync();
        _fixture.Time.Advance(FirstRefusals.Wait);

        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
        Assert.That(_server.Accepted, Is.EqualTo(new long[] { 2, 1 }));
        Assert.That(Ledger.Read.Counts, Is.EqualTo(new OutboxCounts(0, 0, 2, null)));
    }

    [Test]
    public async Task Two_different_refusals_do_not_agree()
    {
        Beat(1);
        string[] said = ["BadSignature", "Malformed", "Malformed"];
        var setAside = new List<int>();
        foreach (var code in said)
        {
            Refuse(code == "Malformed" ? 400 : 422, code);
            setAside.Add((await DrainAsync()).SetAside);
            _fixture.Time.Advance(FirstRefusals.Wait);
        }

        Assert.That(setAside, Is.EqualTo(new[] { 0, 0, 1 }));
    }

    [Test]
    public async Task The_clock_on_the_wall_brings_the_second_asking_no_nearer()
    {
        var clock = new TurnedClock(_fixture.Time.GetUtcNow());
        using var outbox = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), clock);
        Beat(1);
        Refuse(400, "Malformed");
        await outbox.DrainAsync(CancellationToken.None);

        clock.Turn(TimeSpan.FromDays(365));

        Assert.That((await outbox.DrainAsync(CancellationToken.None)).Sent, Is.Zero);
    }

    [TestCase(401, "UnknownKey", "UnknownKey")]
    [TestCase(403, "Forbidden", "Forbidden")]
    [TestCase(404, null, "Http404")]
    [TestCase(302, null, "Http302")]
    [TestCase(413, null, "Http413", Description = "a proxy that says no does not speak for the audit server")]
    [TestCase(422, "<script>alert(1)</script>", "Http422")]
    [TestCase(400, "InvalidRequest", "InvalidRequest", Description = "a name that the audit server does not have")]
    [TestCase(403, "BadSignature", "BadSignature", Description = "a name of the audit server's with a status that does not go with it")]
    [TestCase(403, "RevokedKey", "RevokedKey", Description = "of the key the agent has")]
    public async Task What_a_person_must_mend_waits_and_is_not_tried_again_at_once(int status, string? code, string kept)
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _server.Script.Enqueue(ScriptedAuditServer.Answer(status, code));

        var report = await DrainAsync();

        Assert.That(report, Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 1, 0, 0, 2, kept)));
        Assert.That(_server.Requests, Has.Count.EqualTo(1));
        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(2));
    }

    [TestCase("text/html", """{"code":"Malformed"}""")]
    [TestCase("application/json", """{"code":"Malformed"}""")]
    [TestCase("application/problem+json", """{"code":"Malformed","status":403}""")]
    [TestCase("application/problem+json", """{"code":"Malformed","status":"400"}""")]
    [TestCase("application/problem+json", """{"code":"Malformed","status":400.5}""")]
    [TestCase("application/problem+json", """{"code":["Malformed"]}""")]
    [TestCase("application/problem+json", "{\"code\":\"\\ud800\"}")]
    [TestCase("application/problem+json", """["Malformed"]""")]
    [TestCase("application/problem+json", "<html>Your session has expired</html>")]
    public async Task What_has_not_the_form_of_the_audit_servers_refusal_sets_nothing_aside_however_often_it_is_said(string type, string text)
    {
        Beat(1);
        for (var i = 0; i < 3; i++)
        {
            _server.Script.Enqueue((context, _) =>
            {
                (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status400BadRequest, type);
                return context.Response.WriteAsync(text);
            });
            Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.LastFailure)).EqualTo("Http400"));
            _fixture.Time.Advance(FirstRefusals.Wait);
        }

        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
    }

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task What_fails_for_now_is_tried_again_within_the_round(int status)
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _server.Script.Enqueue(ScriptedAuditServer.Answer(status));
        _server.Script.Enqueue(ScriptedAuditServer.Answer(status));

        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Receipted)).EqualTo(1));
        Assert.That(_server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task After_the_last_try_the_round_ends_and_everything_stays()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        for (var i = 0; i < 3; i++)
            _server.Script.Enqueue(ScriptedAuditServer.Answer(500));

        var report = await DrainAsync();

        Assert.That(report, Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 1, 0, 0, 2, "Http500")));
        Assert.That(Ledger.Read.NextPending()!.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_key_of_the_audit_server_nothing_is_sent_and_everything_waits()
    {
        Beat(2);
        using var outbox = new Outbox(Ledger, _client, ReceiptKeys.Open(new UpstreamOptions(), _fixture.Folder.Path), _fixture.Time);

        Assert.That(await outbox.DrainAsync(CancellationToken.None), Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 0, 0, 0, 2, Outbox.NotEnrolled)));
        Assert.That(_server.Requests, Is.Empty);
    }

    [TestCase("RevokedKey")]
    [TestCase("StaleKey")]
    public async Task What_a_changed_key_signed_and_nobody_believes_any_more_does_not_hold_up_what_came_after(string code)
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Ledger.AppendKeyRotation();
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        Refuse(403, code);
        Refuse(403, code);

        var report = await DrainAsync();

        Assert.That((report.Sent, report.Receipted, report.SetAside, report.Pending, report.LastFailure), Is.EqualTo((2, 0, 0, 2L, code)), "the second is signed with the key of now, and ends the turn");
        Assert.That(_server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_server_that_is_not_there_changes_nothing()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        await _server.DisposeAsync();

        var report = await DrainAsync();

        Assert.That((report.Pending, report.LastFailure), Is.EqualTo((1, "ConnectionError")));
    }

    [Test]
    public async Task An_endless_answer_is_cut_off()
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        for (var i = 0; i < 3; i++)
            _server.Script.Enqueue(ScriptedAuditServer.Say(new string(' ', 2 << 20)));

        var report = await DrainAsync();

        Assert.That((report.Pending, report.LastFailure), Is.EqualTo((1, "ConfigurationLimitExceeded")));
    }

    [Test]
    public async Task Two_rounds_at_once_send_each_heartbeat_once()
    {
        for (var i = 0; i < 5; i++)
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);

        var reports = await Task.WhenAll(DrainAsync(), DrainAsync());

        Assert.That(reports.Sum(report => report.Receipted), Is.EqualTo(5));
        Assert.That(_server.Requests, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task While_recorders_are_looked_at_there_is_a_pause_before_each()
    {
        for (var i = 0; i < 3; i++)
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        using var outbox = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), _fixture.Time, isMeasuring: () => true);
        var began = _fixture.Time.GetUtcNow();

        var draining = outbox.DrainAsync(CancellationToken.None);
        while (!draining.IsCompleted)
        {
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(draining, Task.Delay(1));
        }

        Assert.That((await draining).Receipted, Is.EqualTo(3));
        Assert.That(_fixture.Time.GetUtcNow() - began, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(300)));
    }

    [Test]
    public async Task A_turn_that_takes_long_ends_and_the_next_goes_on()
    {
        for (var i = 0; i < 5; i++)
        {
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
            _server.Script.Enqueue((context, heartbeat) =>
            {
                _fixture.Time.Advance(TimeSpan.FromMinutes(2));
                return context.Response.WriteAsJsonAsync(new { receipt = _server.Sign(heartbeat) });
            });
        }

        var first = await DrainAsync();
        var second = await DrainAsync();

        Assert.That((first.Receipted, first.Pending, first.LastFailure), Is.EqualTo((3, 2, (string?)null)));
        Assert.That((second.Receipted, second.Pending), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task A_month_without_a_network_arrives_in_order()
    {
        for (var i = 0; i < 300; i++)
        {
            Ledger.Append("note", LedgerFixture.Body());
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        }

        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Receipted)).EqualTo(300));
        Assert.That(_server.Accepted, Is.Ordered.And.Count.EqualTo(300));
    }

    void Beat(int count)
    {
        for (var i = 0; i < count; i++)
            Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
    }

    void Refuse(int status, string code) => _server.Script.Enqueue(ScriptedAuditServer.Answer(status, code));

    Task<DeliveryReport> DrainAsync() => _outbox.DrainAsync(CancellationToken.None);

    Task DisbelievesChanged(Func<Receipt, Receipt> change) => Disbelieves(
        (context, heartbeat) => context.Response.WriteAsJsonAsync(new { receipt = _server.Sign(heartbeat, change: change) }), "ReceiptWrongSubject");

    async Task Disbelieves(Func<HttpContext, VerifiedHeartbeat, Task> answer, string code)
    {
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
        _server.Script.Enqueue(answer);

        var report = await DrainAsync();

        Assert.That(report, Is.EqualTo(new DeliveryReport(_fixture.Time.GetUtcNow(), 1, 0, 0, 1, code)));
        Assert.That(_fixture.Entries().Select(entry => entry.Type), Does.Not.Contain("receipt"));
        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1), "a true receipt later is believed");
    }
}
