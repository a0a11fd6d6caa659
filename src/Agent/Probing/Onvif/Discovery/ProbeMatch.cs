using System.Net;
using System.Net.Sockets;

namespace Agent.Probing.Onvif.Discovery;

/// <summary>What one device says of itself in answer to a probe. All of it may be untrue.</summary>
/// <param name="Endpoint">Its own id, the same at every answer; empty when it has none.</param>
/// <param name="Scopes">What it says it is, as URIs.</param>
/// <param name="Addresses">Where it says it can be asked.</param>
/// <param name="From">Who really answered.</param>
internal sealed record ProbeMatch(string Endpoint, IReadOnlyList<string> Scopes, IReadOnlyList<Uri> Addresses, IPAddress From)
{
    const int UuidLength = 36;

    /// <summary>The devices in a datagram that answers one of our messages; none where it answers another's, or is no answer.</summary>
    public static IEnumerable<ProbeMatch> In(ReadOnlySpan<byte> datagram, IPAddress from, IReadOnlySet<string> asked)
    {
        if (SoapReader.Envelope(datagram) is not { } envelope || envelope.TextAt("Header", "RelatesTo") is not { } related || !asked.Contains(IdIn(related)))
            return [];
        return [.. (envelope.At("Body", "ProbeMatches")?.All("ProbeMatch") ?? []).Select(match => new ProbeMatch(
            match.TextAt("EndpointReference", "Address") ?? "", Words(match.TextAt("Scopes")),
            [.. Words(match.TextAt("XAddrs")).Select(a => Uri.TryCreate(a, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>().Where(u => u.Scheme == Uri.UriSchemeHttp || u.Scheme == Uri.UriSchemeHttps)],
            from))];
    }

    /// <summary>
    /// Where to ask it: at the host that answered, whatever it says. Of what it says path, port and scheme are taken, if possible from the
    /// address that names that host. Null when it says nothing of use.
    /// </summary>
    public Uri? Address()
    {
        var host = From.IsIPv4MappedToIPv6 ? From.MapToIPv4() : From;
        var stated = Addresses.OrderBy(a => IPAddress.TryParse(a.Host.Trim('[', ']'), out var ip) && ip.Equals(host) ? 0 : a.HostNameType != UriHostNameType.IPv6 ? 1 : 2).FirstOrDefault();
        return stated is null ? null : new Uri($"{stated.Scheme}://{(host.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{host}]" : host)}:{stated.Port}{stated.PathAndQuery}");
    }

    /// <summary>The part of an id that stays the same in whatever form it is written.</summary>
    public static string IdIn(string text) => (text.Length > UuidLength ? text[^UuidLength..] : text).ToLowerInvariant();

    static string[] Words(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
}
