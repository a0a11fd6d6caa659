using System.ComponentModel.DataAnnotations;

namespace Agent.Recorders;

/// <summary>What the site declares of one camera. Cameras need not be listed to be measured.</summary>
internal sealed class CameraOptions
{
    /// <summary>The camera as the recorder names it.</summary>
    [Required]
    public string Camera { get; set; } = "";

    /// <summary>What the recorder's ONVIF side calls it (name or id of its source, token of a recording or of a media profile), where that is another name.</summary>
    [StringLength(256, MinimumLength = 1)]
    public string? Source { get; set; }

    /// <summary>What the camera is called in evidence that travels; made by the agent when empty.</summary>
    [RegularExpression("^[A-Za-z0-9-]{1,32}$")]
    public string? Code { get; set; }

    /// <summary>The site-local day on which it began to record (yyyy-MM-dd).</summary>
    [Range(typeof(DateOnly), "2000-01-01", "2099-12-31")]
    public DateOnly? Commissioned { get; set; }

    /// <summary>Days that bind this camera; the policy's when absent.</summary>
    [Range(1, 365)]
    public int? RequiredDays { get; set; }
}
