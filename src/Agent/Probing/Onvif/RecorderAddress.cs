namespace Agent.Probing.Onvif;

/// <summary>
/// Where a recorder is asked: the configured scheme, host and port, and nowhere else. A recorder names the addresses of its services
/// itself (XAddr), behind NAT wrongly and in hostile hands on purpose; of those only path and query are taken.
/// </summary>
/// <param name="device">The configured address of its device service.</param>
internal sealed class RecorderAddress(Uri device)
{
    /// <summary>Of the device service, where nothing else is configured (ONVIF Core, "Device service").</summary>
    public const string UsualPath = "/onvif/device_service";

    /// <summary>Path and query of the device service.</summary>
    public string DevicePath { get; } = device.PathAndQuery == "/" ? UsualPath : device.PathAndQuery;

    public string Host => device.Host;

    /// <summary>A path of this recorder in full.</summary>
    public Uri At(string path) => new(new Uri(device.GetLeftPart(UriPartial.Authority)), path);

    /// <summary>Path and query of an address that a recorder named; null when it is none.</summary>
    public static string? PathOf(string? stated)
    {
        var first = stated?.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
        if (first is ['/', not '/', ..])
            first = $"http://recorder{first}";
        return Uri.TryCreate(first, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? address.PathAndQuery : null;
    }
}
