namespace Agent.Delivery;

/// <summary>What came back for one statement.</summary>
/// <param name="Outcome">What it means for the outbox.</param>
/// <param name="Receipt">The JWS, when <see cref="UpstreamOutcome.Answered"/>.</param>
/// <param name="Code">A stable name of what went wrong, otherwise.</param>
/// <param name="RetryAfter">How long the server asked to be left alone, when it can do nothing now.</param>
/// <param name="Standing">The receipt (JWS) of what stands in this one's place, when it was refused because of that. Nobody has checked it yet.</param>
sealed record UpstreamReply(UpstreamOutcome Outcome, string? Receipt = null, string? Code = null, TimeSpan? RetryAfter = null, string? Standing = null)
{
    public static UpstreamReply Failed(string code) => new(UpstreamOutcome.Failed, Code: code);
}
