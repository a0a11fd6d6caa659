using System.Text.Json.Serialization;

namespace Agent.Status;

/// <summary>The last round of one recorder.</summary>
/// <param name="Recorder">Its id in the configuration.</param>
/// <param name="LookedAt">When the round began to look; null before the first.</param>
/// <param name="Failed">It could not be looked at as a whole.</param>
/// <param name="Problems">Codes of what went wrong or must be known, each once.</param>
/// <param name="IsLate">The round after it should long be done.</param>
internal sealed record RecorderStatus(string Recorder, DateTimeOffset? LookedAt, bool Failed, IReadOnlyList<string> Problems, bool IsLate)
{
    [JsonIgnore]
    public IEnumerable<string> Warnings
    {
        get
        {
            if (IsLate)
                yield return $"{Recorder}: no round has ended since {LookedAt:yyyy-MM-dd HH:mm:ss}Z";
            if (Problems.Count > 0)
                yield return $"{Recorder}: {string.Join(", ", Problems)}";
        }
    }
}
