namespace Agent.Probing.Rtsp;

/// <summary>Where a stream is: the one place that is connected to, and the address as requests name it.</summary>
/// <param name="Host">Name or address, without the brackets of IPv6.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Url">Without a login, whatever one was written into it.</param>
internal sealed record RtspAddress(string Host, int Port, string Url)
{
    const int UsualPort = 554;

    /// <summary>Reads <c>rtsp://…</c>, in either case; null for anything else, also for RTSP in TLS, which is not spoken yet.</summary>
    public static RtspAddress? Of(Uri address) =>
        address.IsAbsoluteUri && address.Scheme.Equals("rtsp", StringComparison.OrdinalIgnoreCase) && address.IdnHost.Length > 0
            ? new RtspAddress(address.IdnHost, address.Port > 0 ? address.Port : UsualPort, Written(address, address.PathAndQuery))
            : null;

    /// <summary>
    /// Where a part of a presentation is, in the words of RFC 2326, C.1.1, as players read it: absolute addresses keep their path and
    /// query but never lead to another host, relative ones are appended, "*" and none are the whole.
    /// </summary>
    /// <param name="whole">Address of the presentation.</param>
    /// <param name="control">What its description says.</param>
    public string Resolve(string whole, string? control)
    {
        if (control is null or "" or "*")
            return whole;
        if (control.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase))
            return OnThisHost(control) ?? whole;
        return control.Any(character => character is <= ' ' or > '~') ? whole : $"{whole.TrimEnd('/')}/{control.TrimStart('/')}";
    }

    /// <summary>An address a recorder named, with our host in the place of its own; null when it is none.</summary>
    /// <remarks>Behind a translated network recorders name hosts nobody reaches; and a login must prove nothing for another host's address.</remarks>
    public string? OnThisHost(string named)
    {
        var path = named.IndexOf('/', Math.Min(named.Length, "rtsp://".Length));
        if (!named.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) || named.Any(character => character is <= ' ' or > '~'))
            return null;
        return Authority(Url) + (path < 0 ? "" : named[path..]);
    }

    static string Authority(string url) => url.IndexOf('/', "rtsp://".Length) is > 0 and var path ? url[..path] : url;

    static string Written(Uri address, string rest)
    {
        var host = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost;
        return $"rtsp://{host}{(address.Port > 0 ? $":{address.Port}" : "")}{rest}";
    }

    /// <summary>Host and port; the path may be a login in disguise on some recorders.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
