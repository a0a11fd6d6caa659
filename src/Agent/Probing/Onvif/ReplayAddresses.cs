namespace Agent.Probing.Onvif;

/// <summary>Where the recordings of a recorder can be played: at its configured host and RTSP port, whatever it names.</summary>
internal sealed class ReplayAddresses(SoapClient client, string path, int port, IReadOnlyList<StoredRecording> recordings)
{
    Dictionary<string, Uri>? _known;

    /// <summary>
    /// The address of a recording; null when it has none, or one that other recordings have too: some name the first channel's for all, and
    /// whose footage that shows nobody knows.
    /// </summary>
    public async Task<Uri?> OfAsync(string recording, CancellationToken cancel)
    {
        if (_known is null)
        {
            var named = new List<(string Token, Uri Address)>();
            foreach (var stored in recordings)
                if (On(client.Address.Host, port, await NamedAsync(stored.Token, cancel)) is { } address)
                    named.Add((stored.Token, address));
            _known = named.GroupBy(n => n.Address).Where(g => g.Count() == 1).Select(g => g.Single()).ToDictionary(n => n.Token, n => n.Address, StringComparer.Ordinal);
        }

        return _known.GetValueOrDefault(recording);
    }

    /// <summary>A named address with our host and port in the place of its own; null when it is none of RTSP.</summary>
    public static Uri? On(string host, int port, string? named) =>
        Uri.TryCreate(named, UriKind.Absolute, out var address) && address.Scheme.Equals("rtsp", StringComparison.OrdinalIgnoreCase)
            ? new UriBuilder("rtsp", host, port) { Path = address.AbsolutePath, Query = address.Query }.Uri
            : null;

    async Task<string?> NamedAsync(string recording, CancellationToken cancel)
    {
        var reply = await client.AskAsync(path, new SoapCall(OnvifNames.Replay, "GetReplayUri", xml =>
        {
            xml.WriteStartElement("StreamSetup", OnvifNames.Replay);
            xml.WriteElementString("tt", "Stream", OnvifNames.Schema, "RTP-Unicast");
            xml.WriteStartElement("tt", "Transport", OnvifNames.Schema);
            xml.WriteElementString("tt", "Protocol", OnvifNames.Schema, "RTSP");
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteElementString("RecordingToken", OnvifNames.Replay, recording);
        }), cancel);
        return reply.Answer?.TextAt("Uri");
    }
}
