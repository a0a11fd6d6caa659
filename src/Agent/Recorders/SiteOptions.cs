using System.ComponentModel.DataAnnotations;

namespace Agent.Recorders;

/// <summary>The regulated premises.</summary>
internal sealed class SiteOptions
{
    public const string Section = "site";

    /// <summary>The id issued by the authority.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string Id { get; set; } = "";

    /// <summary>IANA name of the zone of the site's days; the machine's when empty.</summary>
    public string TimeZone { get; set; } = "";
}
