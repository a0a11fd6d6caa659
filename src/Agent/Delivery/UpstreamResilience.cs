using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Agent.Delivery;

/// <summary>
/// How hard the agent tries. Each try has its own deadline; between tries lies a growing, random pause, or the one the server asked
/// for; a server that keeps failing is left alone for a while. After the last try the heartbeat simply stays in the outbox.
/// </summary>
sealed class UpstreamResilience
{
    // Longer pauses than this are not sat out: the heartbeat waits for the next round of sending instead.
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    readonly ResiliencePipeline<UpstreamReply> _pipeline;

    public UpstreamResilience(UpstreamOptions options, TimeProvider time)
    {
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

    /// <summary>Tries until there is an answer worth having, or no more tries.</summary>
    public async Task<UpstreamReply> ExecuteAsync(Func<CancellationToken, ValueTask<UpstreamReply>> send, CancellationToken cancel)
    {
        try
        {
            return await _pipeline.ExecuteAsync(send, cancel);
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
