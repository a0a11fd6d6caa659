using System.ComponentModel.DataAnnotations;

namespace Agent.Auditing;

/// <summary>How the agent commits to footage, so that the audit server can ask for it later.</summary>
internal sealed class ChallengeOptions
{
    public const string Section = "challenge";

    /// <summary>Segments a day that are committed to, of each camera; 0 for none.</summary>
    [Range(0, 24)]
    public int SamplesPerCameraDay { get; set; } = 2;

    /// <summary>How often closed segments are looked for. One that is the same at two looks is committed to.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Questions of the audit server that are answered a day, of each camera. More would make it an oracle for the video.</summary>
    [Range(1, 100)]
    public int AnswersPerCameraDay { get; set; } = 8;

    /// <summary>How fast footage is read for it, in bytes a second.</summary>
    [Range(64 << 10, 1 << 30)]
    public int BytesPerSecond { get; set; } = 2 << 20;
}
