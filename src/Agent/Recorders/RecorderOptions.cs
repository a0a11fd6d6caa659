using System.ComponentModel.DataAnnotations;

namespace Agent.Recorders;

/// <summary>One recorder: a folder tree, an address on the network, or both, which are then two witnesses of the same cameras.</summary>
internal sealed class RecorderOptions
{
    public const string Section = "recorders";

    public const string RecogniseLayout = "auto";

    public const int UsualRtspPort = 554;

    /// <summary>Short name of the recorder, unique in the configuration.</summary>
    [Required]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    public string Id { get; set; } = "";

    /// <summary>The folder that holds the recordings; empty when it cannot be reached.</summary>
    [RegularExpression(@"^[^\x00]*$")]
    public string Path { get; set; } = "";

    /// <summary>Where it answers ONVIF, such as <c>http://192.0.2.10</c> or <c>https://nvr.example:8443/onvif/device_service</c>; without a login in it.</summary>
    [StringLength(500, MinimumLength = 1)]
    public string? Address { get; set; }

    /// <summary>The port at which it plays what it has recorded, beside its address. No other is asked, whatever the recorder names.</summary>
    [Range(1, 65535)]
    public int RtspPort { get; set; } = UsualRtspPort;

    /// <summary>"auto", the name of a layout, or a template such as <c>{camera}/%Y-%m-%d_%H-%M-%S</c>.</summary>
    public string Layout { get; set; } = RecogniseLayout;

    /// <summary>IANA name of the zone of local times in file names; the site's when empty.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>The name with which the agent signs in at the recorder's address; none for a folder.</summary>
    [StringLength(128, MinimumLength = 1)]
    public string? Username { get; set; }

    /// <summary><c>secret:NAME</c>, a password stored with <c>retention-agent secret set NAME</c>; or, insisted upon, <c>plain:…</c>.</summary>
    [DataType(DataType.Password)]
    public string? Password { get; set; }

    /// <summary>The recorder writes kept footage anew in another form: nobody can then ask for the old bytes.</summary>
    public bool Reencodes { get; set; }

    /// <summary>What the site declares of its cameras.</summary>
    public IList<CameraOptions> Cameras { get; set; } = [];
}
