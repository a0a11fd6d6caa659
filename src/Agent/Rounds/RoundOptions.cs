using System.ComponentModel.DataAnnotations;

namespace Agent.Rounds;

/// <summary>How often recorders are looked at.</summary>
internal sealed class RoundOptions
{
    public const string Section = "rounds";

    /// <summary>Time between the beginnings of two rounds of a recorder. Verdicts are only as fresh as the newest look.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(5);
}
