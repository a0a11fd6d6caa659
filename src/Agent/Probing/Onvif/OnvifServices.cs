namespace Agent.Probing.Onvif;

/// <summary>The services of a recorder, each as path and query at its configured address.</summary>
internal sealed class OnvifServices
{
    readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Path of the recording service; null when it has none.</summary>
    public string? Recording => _paths.GetValueOrDefault(OnvifNames.Recording);

    /// <summary>Path of the search service; null when it has none.</summary>
    public string? Search => _paths.GetValueOrDefault(OnvifNames.Search);

    /// <summary>Path of the replay service; null when it has none.</summary>
    public string? Replay => _paths.GetValueOrDefault(OnvifNames.Replay);

    /// <summary>
    /// Asks in both ways, since some devices tell recording, search and replay in one of them only. A failure is one only when neither
    /// way is answered.
    /// </summary>
    public static async Task<(OnvifServices? Services, SoapFailure? Failure)> ReadAsync(SoapClient client, CancellationToken cancel)
    {
        var services = new OnvifServices();
        var newer = await client.AskAsync(client.Address.DevicePath, new SoapCall(OnvifNames.Device, "GetServices", xml => xml.WriteElementString("IncludeCapability", OnvifNames.Device, "false")), cancel);
        if (newer.Failure is { IsFinal: true } lost)
            return (null, lost);
        services.Take(newer.Answer);
        var older = await client.AskAsync(client.Address.DevicePath, new SoapCall(OnvifNames.Device, "GetCapabilities", xml => xml.WriteElementString("Category", OnvifNames.Device, "All")), cancel);
        services.Take(older.Answer);
        return newer.Failure is not null && older.Failure is not null ? (null, newer.Failure) : (services, null);
    }

    /// <summary>Takes what an answer of either call names; what was named before stands.</summary>
    public void Take(SoapElement? answer)
    {
        if (answer is null)
            return;
        foreach (var service in answer.All("Service"))
            Add(service.TextAt("Namespace"), service.TextAt("XAddr"));
        // Capabilities name a service by an element, at the top or inside of extensions.
        foreach (var (element, space) in (ReadOnlySpan<(string, string)>)[("Recording", OnvifNames.Recording), ("Search", OnvifNames.Search), ("Replay", OnvifNames.Replay), ("Media", OnvifNames.Media)])
            if (answer["Capabilities"]?.Everything().FirstOrDefault(e => e.Name == element && e["XAddr"] is not null) is { } found)
                Add(space, found.TextAt("XAddr"));
    }

    void Add(string? space, string? address)
    {
        if (space is not null && RecorderAddress.PathOf(address) is { } path)
            _paths.TryAdd(space, path);
    }
}
