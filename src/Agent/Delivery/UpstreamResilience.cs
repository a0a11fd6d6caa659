using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Agent.Delivery;

/// <summary>
/// How hard the agent tries. Each try has its own deadline; between tries lies a growing, random pause, or the one the server asked
/// for; a server that keeps failing is left alone for a while, and one that asked for a rest until it is over, at most
/// <see cref="LongestRest"/>. After the last try the heartbeat simply stays in the outbox.
/// </summary>
sealed class UpstreamResilience
{
    // Longer pauses than this are not sat out: the heartbeat waits for a later round of sending instead.
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>The longest rest that is granted. Whatever stands in front of the server may ask for one too, and silence is a finding there.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    readonly ResiliencePipeline<UpstreamReply> _pipeline;
    readonly TimeProvider _time;

    // On the monotonic clock. An agent that starts anew asks once.
    (long At, TimeSpan Long)? _rest;

    public UpstreamResilience(UpstreamOptions options, TimeProvider time)
    {
        _time = time;
        var builder = new ResiliencePipelineBuilder<UpstreamReply> { TimeProvider = time };
        if (options.Tries > 1)
            builder.AddRetry(RetryOf(options));

        _pipeline = builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<UpstreamReply>
            {
                ShouldHandle = Failures(),
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromMinutes(15),
                BreakDuration = TimeSpan.FromMinutes(3),
            })
            .AddTimeout(options.Timeout)
            .Build();
    }

    /// <summary>Whether the server asked for a rest that is not over.</summary>
    public bool IsResting => _rest is { } rest && _time.GetElapsedTime(rest.At) < rest.Long;

    /// <summary>Tries until there is an answer worth having, or no more tries.</summary>
    public async Task<UpstreamReply> ExecuteAsync(Func<CancellationToken, ValueTask<UpstreamReply>> send, CancellationToken cancel)
    {
        try
        {
            var reply = await _pipeline.ExecuteAsync(send, cancel);
            if (reply.RetryAfter is { } asked)
                _rest = (_time.GetTimestamp(), asked < LongestRest ? asked : LongestRest);
            return reply;
        }
        catch (TimeoutRejectedException)
        {
            return UpstreamReply.Failed("TimedOut");
        }
        catch (BrokenCircuitException)
        {
            return UpstreamReply.Failed("LeftAlone");
        }
    }

    static RetryStrategyOptions<UpstreamReply> RetryOf(UpstreamOptions options) => new()
    {
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            { Exception: TimeoutRejectedException } => true,
            { Result: { Outcome: UpstreamOutcome.Failed } reply } => reply.RetryAfter is null || reply.RetryAfter <= LongestPause,
            _ => false,
        }),
        MaxRetryAttempts = options.Tries - 1,
        Delay = options.FirstPause,
        MaxDelay = LongestPause,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // Null leaves the pause to the settings above.
        DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result?.RetryAfter),
    };

    static PredicateBuilder<UpstreamReply> Failures() => new PredicateBuilder<UpstreamReply>()
        .Handle<TimeoutRejectedException>()
        .HandleResult(reply => reply.Outcome == UpstreamOutcome.Failed);
}
