using System.ComponentModel.DataAnnotations;

namespace Agent.Keys;

/// <summary>How long the agent signs with the same key.</summary>
sealed class KeyOptions
{
    public const string Section = "keys";

    /// <summary>A key older than this signs its successor and is destroyed.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan RotateEvery { get; set; } = TimeSpan.FromDays(90);
}
