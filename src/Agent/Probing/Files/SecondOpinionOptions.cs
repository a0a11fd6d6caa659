using System.ComponentModel.DataAnnotations;

namespace Agent.Probing.Files;

/// <summary>How ffprobe is asked about a few of the files we read.</summary>
internal sealed class SecondOpinionOptions
{
    public const string Section = "secondOpinion";

    /// <summary>Full path of ffprobe; looked for on PATH when empty.</summary>
    public string Ffprobe { get; set; } = "";

    /// <summary>Files asked about in one look, over all cameras of a recorder; none when zero.</summary>
    [Range(0, 100)]
    public int FilesPerLook { get; set; } = 3;

    /// <summary>How long ffprobe may take for one file before it is ended.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);
}
