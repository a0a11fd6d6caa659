using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FakeRecorder.Answers;

namespace FakeRecorder.Discovery;

/// <summary>
/// Answers WS-Discovery probes, each to whoever sent it. A probe that does not speak the addressing of 2004 is dropped without a word, as
/// much old firmware does.
/// </summary>
internal sealed class DiscoveryResponder : IAsyncDisposable
{
    static readonly XNamespace Soap = "http://www.w3.org/2003/05/soap-envelope";
    static readonly XNamespace Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
    static readonly XNamespace Discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
    static readonly XNamespace Network = "http://www.onvif.org/ver10/network/wsdl";
    static readonly XNamespace Device = "http://www.onvif.org/ver10/device/wsdl";
    static readonly IPAddress Group = IPAddress.Parse("239.255.255.250");

    readonly RecorderScript _script;
    readonly Uri _address;
    readonly UdpClient _socket;
    readonly CancellationTokenSource _stopping = new();
    readonly Task _answering;

    public DiscoveryResponder(RecorderScript script, Uri address, int port)
    {
        _script = script;
        _address = address;
        _socket = new(AddressFamily.InterNetwork);
        _socket.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        // The group is joined on the loopback alone: nothing on the network sees a made-up recorder.
        _socket.Client.Bind(new IPEndPoint(port == 0 ? IPAddress.Loopback : IPAddress.Any, port));
        if (port != 0)
            _socket.JoinMulticastGroup(Group, IPAddress.Loopback);
        Endpoint = new(IPAddress.Loopback, ((IPEndPoint)_socket.Client.LocalEndPoint!).Port);
        _answering = AnswerAsync();
    }

    public IPEndPoint Endpoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _answering;
        _socket.Dispose();
        _stopping.Dispose();
    }

    async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var probe = await _socket.ReceiveAsync(_stopping.Token);
                if (IPAddress.IsLoopback(probe.RemoteEndPoint.Address) && Reply(probe.Buffer) is { } reply)
                    await _socket.SendAsync(Encoding.UTF8.GetBytes(reply.ToString()), probe.RemoteEndPoint, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The recorder is switched off.
        }
    }

    XElement? Reply(byte[] probe)
    {
        XElement envelope;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(probe), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            envelope = XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }

        var header = envelope.Element(Soap + "Header");
        if (header?.Element(Addressing + "Action")?.Value.Trim() != Discovery.NamespaceName + "/Probe")
            return null;
        var asked = envelope.Element(Soap + "Body")?.Element(Discovery + "Probe")?.Element(Discovery + "Types");
        if (header.Element(Addressing + "MessageID") is not { } message || !Matches(asked))
            return null;
        var related = _script.Fault == Fault.WrongRelatesTo ? $"uuid:{Guid.NewGuid()}" : message.Value.Trim();
        return new(Soap + "Envelope",
            new XElement(Soap + "Header",
                new XElement(Addressing + "MessageID", $"uuid:{Guid.NewGuid()}"),
                new XElement(Addressing + "RelatesTo", related),
                new XElement(Addressing + "To", "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"),
                new XElement(Addressing + "Action", Discovery.NamespaceName + "/ProbeMatches")),
            new XElement(Soap + "Body", new XElement(Discovery + "ProbeMatches", new XElement(Discovery + "ProbeMatch",
                new XElement(Addressing + "EndpointReference", new XElement(Addressing + "Address", string.Create(CultureInfo.InvariantCulture, $"urn:uuid:00000000-0000-4000-8000-{_address.Port:x12}"))),
                new XElement(Discovery + "Types", new XAttribute(XNamespace.Xmlns + "dn", Network.NamespaceName), new XAttribute(XNamespace.Xmlns + "tds", Device.NamespaceName), _script.DiscoveredAs),
                new XElement(Discovery + "Scopes", string.Join(' ', DeviceAnswers.DiscoveredScopes)),
                new XElement(Discovery + "XAddrs", XAddrs),
                new XElement(Discovery + "MetadataVersion", 1)))));
    }

    string XAddrs => _script.Fault == Fault.XAddrsElsewhere ? $"{_script.Elsewhere}" : $"{_address} http://[fe80::1]/onvif/device_service";

    // Without types everybody is meant.
    bool Matches(XElement? asked)
    {
        if (asked is null || asked.Value.Trim().Length == 0)
            return true;
        var own = _script.DiscoveredAs.Split(' ').Select(name => name.Split(':')[^1]);
        return asked.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).All(name =>
            own.Contains(name.Split(':')[^1]) && asked.GetNamespaceOfPrefix(name.Split(':')[0]) == (name.EndsWith("Device", StringComparison.Ordinal) ? Device : Network));
    }
}
