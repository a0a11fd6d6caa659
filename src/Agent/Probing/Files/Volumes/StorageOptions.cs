using System.ComponentModel.DataAnnotations;

namespace Agent.Probing.Files.Volumes;

/// <summary>How patiently and how politely volumes are read.</summary>
internal sealed class StorageOptions
{
    public const string Section = "storage";

    /// <summary>How long a volume may take to say its size; one that takes longer is not looked at until it answers.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AnswersWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A look that has not moved for so long hangs: its recorder is unknown, and the others go on.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan HangsAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Files the service opens in a second at most, for each recorder; 0 is as many as the disk gives. <c>check</c> has no such limit.</summary>
    [Range(0, 1_000_000)]
    public int FilesPerSecond { get; set; } = 2000;
}
