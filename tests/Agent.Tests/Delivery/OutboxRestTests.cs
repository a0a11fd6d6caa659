using System.Globalization;
using Agent.Delivery;
using Agent.Ledger;
using Agent.Tests.Hosting;
using Agent.Tests.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

/// <summary>An audit server that asks to be left alone (<c>Retry-After</c>, RFC 9110 section 10.2.3) is.</summary>
sealed class OutboxRestTests
{
    readonly LedgerFixture _fixture = new();
    TurnedClock _clock = null!;
    ScriptedAuditServer _server = null!;
    UpstreamClient _client = null!;
    Outbox _outbox = null!;

    LedgerStore Ledger => _fixture.Ledger;

    [SetUp]
    public async Task Start()
    {
        _clock = new TurnedClock(_fixture.Time.GetUtcNow());
        _server = await ScriptedAuditServer.StartAsync(_fixture.Identity.Key.Public, TimeProvider.System);
        _client = new UpstreamClient(_server.Url, new UpstreamResilience(new UpstreamOptions { Tries = 1 }, _clock), _clock);
        _outbox = new Outbox(Ledger, _client, ReceiptKeys.Of(_server.Keys), _clock, nonce => nonce ?? "fresh");
        Ledger.AppendHeartbeat(LedgerFixture.Heartbeat);
    }

    [TearDown]
    public async Task Stop()
    {
        _outbox.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
        _fixture.Dispose();
    }

    [TestCase(503, "600", 600)]
    [TestCase(429, "1800", 1800)]
    [TestCase(503, "30", 30, Description = "asked at the last try")]
    [TestCase(503, "3600", 3600)]
    [TestCase(503, "86400", 3600, Description = "the longest that is granted")]
    [TestCase(503, "99999999", 3600)]
    public async Task The_rest_it_asks_for_is_kept_to_the_second(int status, string retryAfter, int seconds)
    {
        Rest(status, retryAfter);
        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.LastFailure)).EqualTo($"Http{status}"));

        await RestsFor(TimeSpan.FromSeconds(seconds));
    }

    [TestCase(0, Description = "by its own clock")]
    [TestCase(-400, Description = "which may be years from ours")]
    public async Task A_date_counts_from_the_servers_own_clock(int days)
    {
        var now = _clock.GetUtcNow().AddDays(days);
        Rest(503, now.AddMinutes(20).ToString("r", CultureInfo.InvariantCulture), now.ToString("r", CultureInfo.InvariantCulture));
        await DrainAsync();

        await RestsFor(TimeSpan.FromMinutes(20));
    }

    [Test]
    public async Task Nobody_who_sets_the_clock_ends_the_rest_or_prolongs_it([Values(-365, 365)] int days)
    {
        Rest(503, "600");
        await DrainAsync();

        _clock.Turn(TimeSpan.FromDays(days));

        await RestsFor(TimeSpan.FromMinutes(10));
    }

    [TestCase("-5")]
    [TestCase("soon")]
    [TestCase("Thu, 01 Jan 1970 00:00:00 GMT")]
    public async Task What_asks_for_no_rest_gets_none(string retryAfter)
    {
        Rest(503, retryAfter);
        await DrainAsync();

        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_refuses_cannot_ask_for_a_rest()
    {
        Rest(403, "3600");
        await DrainAsync();

        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_changed_verdict_waits_and_nothing_is_told_twice()
    {
        var round = new HeartbeatRound(Ledger, _outbox, LedgerFixture.Heartbeat, new DeliveryWords(NullLogger<DeliveryWords>.Instance, _clock));
        Rest(503, "600");
        await round.SendPendingAsync(CancellationToken.None);
        var told = round.Latest;
        _clock.Advance(TimeSpan.FromMinutes(5));

        await round.RunAsync(CancellationToken.None);

        Assert.That((_server.Requests.Count, Ledger.Read.Counts.Pending), Is.EqualTo((1, 2L)));
        Assert.That(round.Latest, Is.SameAs(told));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await round.SendPendingAsync(CancellationToken.None))!.Receipted, Is.EqualTo(2));
    }

    [Test]
    public async Task The_attestation_that_goes_first_after_a_silence_may_be_told_as_well()
    {
        (_server.AttestationStatus, _server.AttestationRetryAfter) = (StatusCodes.Status503ServiceUnavailable, "600");
        await DrainAsync();
        (_server.AttestationStatus, _server.AttestationRetryAfter) = (StatusCodes.Status200OK, null);

        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Sent)).Zero);
        Assert.That((_server.Attested.Count, _server.Requests.Count), Is.EqualTo((1, 0)));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
    }

    async Task RestsFor(TimeSpan rest)
    {
        var asked = _server.Requests.Count;
        _clock.Advance(rest - TimeSpan.FromSeconds(1));
        Assert.That(await DrainAsync(), Has.Property(nameof(DeliveryReport.Sent)).Zero);
        Assert.That(_server.Requests, Has.Count.EqualTo(asked));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await DrainAsync()).Receipted, Is.EqualTo(1));
    }

    void Rest(int status, string retryAfter, string? date = null) => _server.Script.Enqueue((context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.RetryAfter = retryAfter;
        if (date is not null)
            context.Response.Headers.Date = date;
        return Task.CompletedTask;
    });

    Task<DeliveryReport> DrainAsync() => _outbox.DrainAsync(CancellationToken.None);
}
