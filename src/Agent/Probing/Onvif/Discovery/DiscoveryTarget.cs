using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Agent.Probing.Onvif.Discovery;

/// <summary>One place to ask: from an address of this machine to a group on that network, or to one host.</summary>
/// <param name="Local">From where.</param>
/// <param name="To">To whom.</param>
internal sealed record DiscoveryTarget(IPAddress Local, IPEndPoint To)
{
    public const int Port = 3702;

    static readonly IPAddress Group = IPAddress.Parse("239.255.255.250");
    static readonly IPAddress GroupOfVersionSix = IPAddress.Parse("ff02::c");

    /// <summary>The group on every network that this machine is in.</summary>
    public static IReadOnlyList<DiscoveryTarget> EveryNetwork() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback, SupportsMulticast: true })
            .SelectMany(i => i.GetIPProperties().UnicastAddresses.Select(a => a.Address))
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork || a.IsIPv6LinkLocal)
            .Select(a => OnNetworkOf(a, Port)),
    ];

    /// <summary>The group on the network of one address of this machine.</summary>
    public static DiscoveryTarget OnNetworkOf(IPAddress local, int port) =>
        new(local, local.AddressFamily == AddressFamily.InterNetwork ? new IPEndPoint(Group, port) : new IPEndPoint(new IPAddress(GroupOfVersionSix.GetAddressBytes(), local.ScopeId), port));

    /// <summary>One host, which may be in another network.</summary>
    public static DiscoveryTarget OneHost(IPEndPoint host) => new(host.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, host);
}
