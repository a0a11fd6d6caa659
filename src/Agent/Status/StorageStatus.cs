using System.Text.Json.Serialization;
using Agent.Rounds;

namespace Agent.Status;

/// <summary>The volume of a recorder as it stood at its last round.</summary>
/// <param name="Measured">The figures.</param>
/// <param name="Sentence">The same in plain words.</param>
/// <param name="Drops">The cameras whose days it will not hold, a plain sentence each.</param>
internal sealed record StorageStatus(RecorderStorage Measured, string Sentence, IReadOnlyList<string> Drops)
{
    [JsonIgnore]
    public IEnumerable<string> Warnings => Drops;
}
