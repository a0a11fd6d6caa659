using System.Text.Json.Serialization;
using Agent.Evidence.Verdicts;

namespace AuditServer.Intake;

/// <summary>What the agent claims of a camera and what this server comes to, each for the number of days it asks.</summary>
/// <param name="Camera">The camera's code.</param>
/// <param name="Kind">The kind of record.</param>
/// <param name="ClaimedDays">The days that bind the camera as the agent says.</param>
/// <param name="Claimed">The agent's verdict for them.</param>
/// <param name="Days">The days that bind the camera by this server's policy.</param>
/// <param name="Own">This server's verdict for them, by its own loss budgets, from the agent's evidence.</param>
sealed record OwnVerdict(string Camera, string Kind, int ClaimedDays, string Claimed, int Days, string Own)
{
    /// <summary>Whether this server comes to something worse than is claimed.</summary>
    [JsonIgnore]
    public bool IsWorse => Enum.Parse<Verdict>(Own, ignoreCase: true) > Enum.Parse<Verdict>(Claimed, ignoreCase: true);
}
