using System.ComponentModel.DataAnnotations;

namespace Agent.Probing.Onvif;

/// <summary>How patiently recorders are asked over the network.</summary>
internal sealed class OnvifOptions
{
    public const string Section = "onvif";

    /// <summary>How long a recorder may take for one answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AnswersWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the whole look at one recorder may take; what was not answered by then is unknown.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan LooksWithin { get; set; } = TimeSpan.FromMinutes(2);
}
