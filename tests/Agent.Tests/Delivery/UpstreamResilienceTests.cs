using Agent.Delivery;
using NUnit.Framework;

namespace Agent.Tests.Delivery;

sealed class UpstreamResilienceTests
{
    static readonly UpstreamReply Accepted = new(UpstreamOutcome.Answered, Receipt: "a.b.c");

    readonly PatientClock _time = new();
    readonly List<DateTimeOffset> _tries = [];

    [Test]
    public async Task The_pause_the_server_asked_for_is_kept()
    {
        var reply = await RunAsync(Sequence(UpstreamReply.Failed("Http503") with { RetryAfter = TimeSpan.FromSeconds(70) }, Accepted));

        Assert.That(reply, Is.EqualTo(Accepted));
        Assert.That(_tries[1] - _tries[0], Is.InRange(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(73)));
    }

    [Test]
    public async Task Without_a_wish_of_the_server_the_pauses_are_short_and_few()
    {
        var reply = await RunAsync(_ => ValueTask.FromResult(UpstreamReply.Failed("Http500")));

        Assert.That(reply.Code, Is.EqualTo("Http500"));
        Assert.That(_tries, Has.Count.EqualTo(4));
        Assert.That(_tries[^1] - _tries[0], Is.LessThan(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task A_try_that_hangs_is_ended_and_counts_as_a_failure()
    {
        var reply = await RunAsync(async cancel =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return Accepted;
        });

        Assert.That(reply, Is.EqualTo(UpstreamReply.Failed("TimedOut")));
        Assert.That(_tries, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_server_that_keeps_failing_is_left_alone_and_asked_again_later()
    {
        var resilience = New();
        for (var i = 0; i < 3; i++)
            await RunAsync(_ => ValueTask.FromResult(UpstreamReply.Failed("Http500")), resilience);
        var asked = _tries.Count;

        var left = await RunAsync(Sequence(Accepted), resilience);
        Assert.That((left.Code, _tries.Count), Is.EqualTo(("LeftAlone", asked)));

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.That(await RunAsync(Sequence(Accepted), resilience), Is.EqualTo(Accepted));
    }

    [Test]
    public void Stopping_the_agent_ends_the_pause()
    {
        using var stop = new CancellationTokenSource();
        var running = New().ExecuteAsync(_ => ValueTask.FromResult(UpstreamReply.Failed("Http500")), stop.Token);
        stop.Cancel();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    UpstreamResilience New() => new(new UpstreamOptions(), _time);

    static Func<CancellationToken, ValueTask<UpstreamReply>> Sequence(params UpstreamReply[] replies)
    {
        var left = new Queue<UpstreamReply>(replies);
        return _ => ValueTask.FromResult(left.Dequeue());
    }

    async Task<UpstreamReply> RunAsync(Func<CancellationToken, ValueTask<UpstreamReply>> send, UpstreamResilience? resilience = null)
    {
        var running = (resilience ?? New()).ExecuteAsync(
            cancel =>
            {
                _tries.Add(_time.GetUtcNow());
                return send(cancel);
            },
            CancellationToken.None);
        var began = TimeProvider.System.GetTimestamp();
        while (!running.IsCompleted && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20))
        {
            if (_time.IsAwaited)
                _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await running.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
