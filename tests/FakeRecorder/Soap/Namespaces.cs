using System.Xml.Linq;

namespace FakeRecorder.Soap;

/// <summary>The namespaces that ONVIF speaks in, with their usual prefixes.</summary>
internal static class Namespaces
{
    public static readonly XNamespace Envelope = "http://www.w3.org/2003/05/soap-envelope";
    public static readonly XNamespace Device = "http://www.onvif.org/ver10/device/wsdl";
    public static readonly XNamespace Media = "http://www.onvif.org/ver10/media/wsdl";
    public static readonly XNamespace Events = "http://www.onvif.org/ver10/events/wsdl";
    public static readonly XNamespace Recording = "http://www.onvif.org/ver10/recording/wsdl";
    public static readonly XNamespace Search = "http://www.onvif.org/ver10/search/wsdl";
    public static readonly XNamespace Replay = "http://www.onvif.org/ver10/replay/wsdl";
    public static readonly XNamespace Schema = "http://www.onvif.org/ver10/schema";
    public static readonly XNamespace Topics = "http://www.onvif.org/ver10/topics";
    public static readonly XNamespace Errors = "http://www.onvif.org/ver10/error";
    public static readonly XNamespace Notification = "http://docs.oasis-open.org/wsn/b-2";
    public static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public static readonly XNamespace SecurityUtility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    public static readonly IReadOnlyList<(XNamespace Namespace, string Prefix)> Usual =
    [
        (Envelope, "s"), (Device, "tds"), (Media, "trt"), (Recording, "trc"), (Search, "tse"), (Replay, "trp"), (Schema, "tt"),
        (Topics, "tns1"), (Errors, "ter"), (Notification, "wsnt"),
    ];

    /// <summary>The services of a recorder, each with the last part of its path.</summary>
    public static readonly IReadOnlyDictionary<XNamespace, string> Paths = new Dictionary<XNamespace, string>
    {
        [Device] = "device_service",
        [Media] = "media_service",
        [Recording] = "recording_service",
        [Search] = "search_service",
        [Replay] = "replay_service",
    };
}
