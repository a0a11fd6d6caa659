using System.Net;
using System.Net.Sockets;

namespace Agent.Probing.Onvif.Discovery;

/// <summary>Asks several networks at once which recorders there are, and asks each that answers what it is, without a login.</summary>
internal sealed class DiscoverySweep(OnvifTransport transport, TimeProvider time)
{
    const int Rounds = 3;
    const int LargestDatagram = 65536;
    const int MostDevices = 5000;
    const int AskedAtOnce = 16;

    static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(400);

    // What is not told in a few seconds is not waited for: a person does.
    static readonly OnvifOptions Patience = new() { AnswersWithin = TimeSpan.FromSeconds(3) };

    /// <summary>Asks and listens.</summary>
    /// <param name="targets">Whom.</param>
    /// <param name="listen">For how long after the last question.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>Each recorder once, in the order of addresses.</returns>
    public async Task<IReadOnlyList<FoundRecorder>> RunAsync(IReadOnlyList<DiscoveryTarget> targets, TimeSpan listen, CancellationToken cancel)
    {
        var matches = (await Task.WhenAll(targets.Select(t => AskAsync(t, listen, cancel)))).SelectMany(m => m).ToList();
        // One device may answer every question, on several networks, and under several addresses.
        var devices = matches.Where(m => m.Address() is not null)
            .DistinctBy(m => m.Endpoint.Length > 0 ? ProbeMatch.IdIn(m.Endpoint) : m.Address()!.Authority, StringComparer.Ordinal)
            .DistinctBy(m => m.Address()!.Authority, StringComparer.OrdinalIgnoreCase).Take(MostDevices).ToList();
        var found = new List<FoundRecorder>();
        foreach (var some in devices.Chunk(AskedAtOnce))
            found.AddRange(await Task.WhenAll(some.Select(m => DescribeAsync(m, cancel))));
        return [.. found.OrderBy(f => f.Address.AbsoluteUri, StringComparer.Ordinal)];
    }

    async Task<IReadOnlyList<ProbeMatch>> AskAsync(DiscoveryTarget target, TimeSpan listen, CancellationToken cancel)
    {
        ProbeMessage[] messages = [.. Enumerable.Range(0, Rounds).SelectMany(_ => (ProbeMessage[])[ProbeMessage.ForTransmitters(), ProbeMessage.ForDevices()])];
        var asked = messages.Select(m => ProbeMatch.IdIn(m.Id)).ToHashSet(StringComparer.Ordinal);
        var found = new List<ProbeMatch>();
        try
        {
            using var socket = Open(target);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            await Task.WhenAll(ListenAsync(socket, asked, found, enough.Token), SendAsync(socket, target, messages, listen, enough));
        }
        catch (SocketException)
        {
            // A network that takes no datagrams has no recorders for us; the others are asked all the same.
        }

        return found;
    }

    async Task SendAsync(Socket socket, DiscoveryTarget target, ProbeMessage[] messages, TimeSpan listen, CancellationTokenSource enough)
    {
        try
        {
            foreach (var pair in messages.Chunk(2))
            {
                foreach (var message in pair)
                    await socket.SendToAsync(message.Datagram(), SocketFlags.None, target.To, enough.Token);
                await Task.Delay(BetweenRounds, time, enough.Token);
            }

            await Task.Delay(listen, time, enough.Token);
        }
        finally
        {
            await enough.CancelAsync(); // nobody is listened to any longer than that
        }
    }

    static async Task ListenAsync(Socket socket, HashSet<string> asked, List<ProbeMatch> found, CancellationToken cancel)
    {
        var buffer = new byte[LargestDatagram];
        while (found.Count < MostDevices)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0), cancel);
                found.AddRange(ProbeMatch.In(buffer.AsSpan(0, received.ReceivedBytes), ((IPEndPoint)received.RemoteEndPoint).Address, asked));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.MessageSize)
            {
                // One host said that nobody listens there, or too much; others may answer.
            }
        }
    }

    static Socket Open(DiscoveryTarget target)
    {
        var socket = new Socket(target.To.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (!target.Local.Equals(IPAddress.Any) && !target.Local.Equals(IPAddress.IPv6Any))
            {
                if (target.To.AddressFamily == AddressFamily.InterNetwork)
                    socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, target.Local.GetAddressBytes());
                else
                    socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, (int)target.Local.ScopeId);
            }

            socket.Bind(new IPEndPoint(target.Local, 0));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    async Task<FoundRecorder> DescribeAsync(ProbeMatch match, CancellationToken cancel)
    {
        var address = match.Address()!;
        var client = new SoapClient(transport, new RecorderAddress(address), login: null, Patience, time);
        var (clock, away) = await OnvifClock.ReadAsync(client, time, cancel);
        var (information, services) = ((SoapElement?)null, (OnvifServices?)null);
        if (away is not { Code: ProblemCode.RecorderUnreachable or ProblemCode.RecorderTimedOut })
        {
            information = (await client.AskAsync(client.Address.DevicePath, new SoapCall(OnvifNames.Device, "GetDeviceInformation"), cancel)).Answer;
            (services, _) = await OnvifServices.ReadAsync(client, cancel);
        }

        return new FoundRecorder(
            address,
            information?.TextAt("Manufacturer") is { } vendor ? DiscoveryScopes.Shown(vendor) : DiscoveryScopes.First(match.Scopes, "name"),
            information?.TextAt("Model") is { } model ? DiscoveryScopes.Shown(model) : DiscoveryScopes.First(match.Scopes, "hardware"),
            DiscoveryScopes.Profiles(match.Scopes), clock?.Stated, services is null ? null : services.Search is not null);
    }
}
