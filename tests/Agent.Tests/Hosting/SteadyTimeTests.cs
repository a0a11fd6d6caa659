using Agent.Delivery;
using Agent.Evidence.Statements;
using Agent.Hosting;
using NUnit.Framework;

namespace Agent.Tests.Hosting;

internal sealed class SteadyTimeTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    readonly TurnedClock _clock = new(Start);

    [TestCase(-3650)]
    [TestCase(3650)]
    public void Nobody_sets_it_and_it_goes_on(int days)
    {
        var steady = new SteadyTime(_clock);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _clock.Turn(TimeSpan.FromDays(days));
        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.That(steady.GetUtcNow(), Is.EqualTo(Start.AddSeconds(7)));
    }

    [Test]
    public async Task A_server_that_is_left_alone_is_asked_again_in_minutes_though_the_clock_was_set_back_by_years()
    {
        var resilience = new UpstreamResilience(new UpstreamOptions { Tries = 1 }, new SteadyTime(_clock));
        for (var i = 0; i < 12; i++)
            await resilience.ExecuteAsync(_ => ValueTask.FromResult(UpstreamReply.Failed("Http500")), CancellationToken.None);
        Assert.That((await AskAsync(resilience)).Code, Is.EqualTo("LeftAlone"));

        _clock.Turn(TimeSpan.FromDays(-3650));
        _clock.Advance(TimeSpan.FromMinutes(4));

        Assert.That((await AskAsync(resilience)).Outcome, Is.EqualTo(UpstreamOutcome.Answered));
    }

    [TestCase(-3650)]
    [TestCase(3650)]
    public void A_heartbeat_the_server_asked_for_is_due_when_it_was_whatever_the_clock_says_by_then(int days)
    {
        var due = new HeartbeatDue(_clock);
        due.Ask(new NextAsk("1", Start.AddMinutes(10)));
        _clock.Turn(TimeSpan.FromDays(days));

        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.That(due.IsDue(), Is.False);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((due.IsDue(), due.IsDue()), Is.EqualTo((true, false)));
    }

    static Task<UpstreamReply> AskAsync(UpstreamResilience resilience) =>
        resilience.ExecuteAsync(_ => ValueTask.FromResult(new UpstreamReply(UpstreamOutcome.Answered, Receipt: "a.b.c")), CancellationToken.None);
}
