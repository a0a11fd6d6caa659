using System.Text.Json.Serialization;
using Agent.Delivery;

namespace Agent.Status;

/// <summary>How statements reach the audit server.</summary>
/// <param name="Standing">What the audit server thinks of this agent.</param>
/// <param name="Pending">Statements that wait for a receipt.</param>
/// <param name="OldestPending">Seq of the oldest of them; null when none waits.</param>
/// <param name="SetAside">Statements it refused for good.</param>
/// <param name="Last">What the last round of sending came to; null before the first.</param>
internal sealed record DeliveryStatus(Standing Standing, long Pending, long? OldestPending, long SetAside, DeliveryReport? Last)
{
    const long ManyPending = 24;

    [JsonIgnore]
    public IEnumerable<string> Warnings
    {
        get
        {
            if (Standing == Standing.Revoked)
                yield return "the audit server has revoked this agent's key; the agent goes on measuring, and nothing of it is accepted";
            if (Standing == Standing.NotEnrolled)
                yield return "the audit server does not know this agent's key: enrol it";
            if (SetAside > 0)
                yield return $"the audit server refused {SetAside} statement(s) for good{(Last?.LastFailure is { } code ? $" (last {code})" : "")}";
            if (Standing != Standing.NotConfigured && Pending >= ManyPending)
                yield return $"{Pending} statements wait for the audit server{(Last?.LastFailure is { } why ? $" ({why})" : "")}";
        }
    }

    /// <summary>What a round of sending says of the standing.</summary>
    public static Standing StandingOf(bool configured, DeliveryReport? last) => last switch
    {
        _ when !configured => Standing.NotConfigured,
        null => Standing.NotHeard,
        { LastFailure: null } => Standing.Accepted,
        { LastFailure: "UnknownKey" } => Standing.NotEnrolled,
        { LastFailure: "RevokedKey" } => Standing.Revoked,
        { Receipted: > 0 } => Standing.Accepted,
        _ => Standing.Unclear,
    };
}
