namespace Agent.Recorders;

/// <summary>A recorder as it is measured: its options with everything resolved.</summary>
/// <param name="Id">Short name.</param>
/// <param name="Path">Full path of the recordings; empty when it is asked over the network only.</param>
/// <param name="Layout">"auto", a layout's name or a template.</param>
/// <param name="Zone">Zone of local times in file names.</param>
/// <param name="Cameras">What is declared of its cameras, by the recorder's name for them.</param>
/// <param name="Reencodes">It writes kept footage anew, so that its bytes are no proof.</param>
/// <param name="IsZoneSaid">Somebody said the zone; it is not merely that of this machine, because nobody did.</param>
internal sealed record Recorder(string Id, string Path, string Layout, TimeZoneInfo Zone, IReadOnlyDictionary<string, CameraOptions> Cameras, bool Reencodes = false,
    bool IsZoneSaid = true)
{
    /// <summary>Where its ONVIF device service is asked; null when nobody asks it.</summary>
    public Uri? Address { get; init; }

    /// <summary>The one port at which its RTSP is asked.</summary>
    public int RtspPort { get; init; } = RecorderOptions.UsualRtspPort;

    /// <summary>Whether its recordings lie in a folder that can be read.</summary>
    public bool HasFolder => Path.Length > 0;

    public static Recorder From(RecorderOptions options, TimeZoneInfo siteZone, bool isSiteZoneSaid) => new(
        options.Id,
        options.Path.Length == 0 ? "" : System.IO.Path.GetFullPath(options.Path),
        options.Layout,
        options.TimeZone.Length == 0 ? siteZone : TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone),
        options.Cameras.ToDictionary(c => c.Camera, StringComparer.Ordinal),
        options.Reencodes,
        isSiteZoneSaid || options.TimeZone.Length > 0)
    {
        Address = options.Address is { Length: > 0 } address ? new Uri(address) : null,
        RtspPort = options.RtspPort,
    };
}
