using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>The device service.</summary>
internal static class DeviceAnswers
{
    static readonly XNamespace[] ProfileG = [Recording, Search, Replay];

    public static Func<XElement>? To(Recorder recorder, SoapRequest request) => request.Name switch
    {
        "GetSystemDateAndTime" => recorder.Clock.SystemDateAndTime,
        "GetServices" when !recorder.Quirks.LacksGetServices => () => Services(recorder, request),
        "GetCapabilities" => () => Capabilities(recorder),
        "GetServiceCapabilities" => () => new(Device + "GetServiceCapabilitiesResponse", DeviceCapabilities(recorder)),
        "GetDeviceInformation" => () => Information(recorder),
        "GetScopes" => Scopes,
        "GetHostname" => () => new(Device + "GetHostnameResponse", new XElement(Device + "HostnameInformation", new XElement(Schema + "FromDHCP", false), new XElement(Schema + "Name", "recorder"))),
        _ => null,
    };

    static XElement Services(Recorder recorder, SoapRequest request)
    {
        var tellsCapabilities = bool.Parse(request.RequiredText("IncludeCapability"));
        return new(Device + "GetServicesResponse", Paths.Keys.Select(service => new XElement(Device + "Service",
            new XElement(Device + "Namespace", service.NamespaceName),
            new XElement(Device + "XAddr", recorder.AddressOf(service)),
            tellsCapabilities && service == Search ? new XElement(Device + "Capabilities", SearchAnswers.Capabilities()) : null,
            new XElement(Device + "Version", new XElement(Schema + "Major", 2), new XElement(Schema + "Minor", 60)))));
    }

    static XElement Capabilities(Recorder recorder) => new(Device + "GetCapabilitiesResponse", new XElement(Device + "Capabilities",
        new XElement(Schema + "Device", XAddr(recorder, Device)),
        new XElement(Schema + "Media", XAddr(recorder, Media), new XElement(Schema + "StreamingCapabilities", new XElement(Schema + "RTP_RTSP_TCP", true))),
        recorder.Quirks.HidesProfileGFromCapabilities ? null : new XElement(Schema + "Extension", ProfileG.Select(service => Extension(recorder, service)))));

    static XElement Extension(Recorder recorder, XNamespace service) =>
        service == Recording ? new(Schema + "Recording", XAddr(recorder, service), Flag("ReceiverSource", false), Flag("MediaProfileSource", true),
            Flag("DynamicRecordings", false), Flag("DynamicTracks", false), new XElement(Schema + "MaxStringLength", 256))
        : service == Search ? new(Schema + "Search", XAddr(recorder, service), Flag("MetadataSearch", false))
        : new(Schema + "Replay", XAddr(recorder, service));

    static XElement XAddr(Recorder recorder, XNamespace service) => new(Schema + "XAddr", recorder.AddressOf(service));

    static XElement Flag(string name, bool value) => new(Schema + name, value);

    static XElement DeviceCapabilities(Recorder recorder) => new(Device + "Capabilities",
        new XElement(Device + "Network", new XAttribute("NTP", 1)),
        new XElement(Device + "Security", new XAttribute("HttpDigest", recorder.Quirks.Login != Logins.LoginMode.Token), new XAttribute("UsernameToken", recorder.Quirks.Login is Logins.LoginMode.Token or Logins.LoginMode.DigestOrToken)),
        new XElement(Device + "System", new XAttribute("DiscoveryResolve", false)));

    static XElement Information(Recorder recorder) => new(Device + "GetDeviceInformationResponse",
        new XElement(Device + "Manufacturer", $"Fake {recorder.Script.Personality}"),
        new XElement(Device + "Model", "Recorder 16"),
        new XElement(Device + "FirmwareVersion", "1.0"),
        new XElement(Device + "SerialNumber", $"{recorder.Script.Personality}-0001"),
        new XElement(Device + "HardwareId", "fake"));

    static XElement Scopes() => new(Device + "GetScopesResponse", DiscoveredScopes.Select(scope => new XElement(Device + "Scopes",
        new XElement(Schema + "ScopeDef", "Fixed"), new XElement(Schema + "ScopeItem", scope))));

    public static IReadOnlyList<string> DiscoveredScopes { get; } =
        ["onvif://www.onvif.org/Profile/G", "onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/name/Fake%20recorder", "onvif://www.onvif.org/hardware/fake"];
}
