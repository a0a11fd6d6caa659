namespace Agent.Delivery;

/// <summary>What came back for one heartbeat.</summary>
/// <param name="Outcome">What it means for the outbox.</param>
/// <param name="Receipt">The JWS, when <see cref="UpstreamOutcome.Answered"/>.</param>
/// <param name="Code">A stable name of what went wrong, otherwise.</param>
/// <param name="RetryAfter">How long the server asked to be left alone.</param>
sealed record UpstreamReply(UpstreamOutcome Outcome, string? Receipt = null, string? Code = null, TimeSpan? RetryAfter = null)
{
    public static UpstreamReply Failed(string code) => new(UpstreamOutcome.Failed, Code: code);
}
