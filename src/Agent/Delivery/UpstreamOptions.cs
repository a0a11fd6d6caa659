using System.ComponentModel.DataAnnotations;

namespace Agent.Delivery;

/// <summary>Where heartbeats go. Without a <see cref="Url"/> the agent keeps them all and sends none; they can be carried by file.</summary>
sealed class UpstreamOptions
{
    public const string Section = "upstream";

    /// <summary>The audit server, for example <c>https://audit.example</c>; a path in front of its API may follow.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// File with the audit server's public keys (a JWK set), put there by a person when the agent was installed. Without it the keys
    /// are those that <c>retention-agent enrol</c> has brought.
    /// </summary>
    public string? ReceiptKeys { get; set; }

    /// <summary>How often a heartbeat with full evidence is made. A change of verdict does not wait for it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a signed tick is made: what silence is measured against.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:15:00")]
    public TimeSpan TickEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one try may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often one heartbeat is tried before the round of sending ends. The outbox itself never gives up.</summary>
    [Range(1, 10)]
    public int Tries { get; set; } = 4;

    /// <summary>The pause before the second try; each further one is about twice as long, spread at random.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What all tries of one statement, and of the attestation that may go before it, can take at most.</summary>
    internal TimeSpan LongestDelivery => 2 * Tries * (Timeout + UpstreamResilience.LongestPause);
}
