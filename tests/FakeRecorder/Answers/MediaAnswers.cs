using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>The media service: profiles of the cameras, and where their live streams are.</summary>
internal static class MediaAnswers
{
    // About what one item of an analytics module comes to.
    const int BytesOfItem = 60;

    public static Func<XElement>? To(Recorder recorder, SoapRequest request) => request.Name switch
    {
        "GetServiceCapabilities" => () => new(Media + "GetServiceCapabilitiesResponse", new XElement(Media + "Capabilities",
            new XElement(Media + "ProfileCapabilities", new XAttribute("MaximumNumberOfProfiles", 64)),
            new XElement(Media + "StreamingCapabilities", new XAttribute("RTP_RTSP_TCP", true)))),
        "GetProfiles" => () => new(Media + "GetProfilesResponse", recorder.Cameras.Select(camera => Profile(recorder, camera, recorder.Quirks.ProfileBytes / recorder.Cameras.Count))),
        "GetVideoSources" => () => new(Media + "GetVideoSourcesResponse", recorder.Cameras.Select(camera => new XElement(Media + "VideoSources",
            new XAttribute("token", camera.Source), new XElement(Schema + "Framerate", 25), Resolution()))),
        "GetStreamUri" => () => StreamUri(recorder, request.RequiredText("ProfileToken")),
        _ => null,
    };

    static XElement StreamUri(Recorder recorder, string profile)
    {
        var camera = recorder.Cameras.FirstOrDefault(camera => camera.Profile == profile) ?? throw new SoapFaultException($"No profile {profile}", "InvalidArgVal", "NoProfile");
        return new(Media + "GetStreamUriResponse", new XElement(Media + "MediaUri",
            new XElement(Schema + "Uri", $"{recorder.RtspHost("GetStreamUri")}/live/{Uri.EscapeDataString(camera.Name)}?channel={camera.Number}&subtype=0"),
            new XElement(Schema + "InvalidAfterConnect", false),
            new XElement(Schema + "InvalidAfterReboot", false),
            new XElement(Schema + "Timeout", "PT0S")));
    }

    static XElement Profile(Recorder recorder, RecordedCamera camera, int bytes) => new(Media + "Profiles", new XAttribute("token", camera.Profile), new XAttribute("fixed", true),
        new XElement(Schema + "Name", $"{camera.Name} main"),
        new XElement(Schema + "VideoSourceConfiguration", new XAttribute("token", $"vsc_{camera.Number}"),
            new XElement(Schema + "Name", camera.Name),
            new XElement(Schema + "UseCount", 1),
            new XElement(Schema + "SourceToken", camera.Source),
            new XElement(Schema + "Bounds", new XAttribute("x", 0), new XAttribute("y", 0), new XAttribute("width", 1920), new XAttribute("height", 1080))),
        new XElement(Schema + "VideoEncoderConfiguration", new XAttribute("token", $"vec_{camera.Number}"),
            new XElement(Schema + "Name", "H264"),
            new XElement(Schema + "UseCount", 1),
            new XElement(Schema + "Encoding", "H264"),
            Resolution(),
            new XElement(Schema + "Quality", 4),
            new XElement(Schema + "Multicast",
                new XElement(Schema + "Address", new XElement(Schema + "Type", "IPv4"), new XElement(Schema + "IPv4Address", "224.1.0.0")),
                new XElement(Schema + "Port", 40002),
                new XElement(Schema + "TTL", 64),
                new XElement(Schema + "AutoStart", false)),
            new XElement(Schema + "SessionTimeout", "PT60S")),
        bytes == 0 ? null : Analytics(recorder, camera, bytes));

    static XElement Analytics(Recorder recorder, RecordedCamera camera, int bytes) => new(Schema + "VideoAnalyticsConfiguration", new XAttribute("token", $"vac_{camera.Number}"),
        new XElement(Schema + "Name", "Analytics"),
        new XElement(Schema + "UseCount", 1),
        new XElement(Schema + "AnalyticsEngineConfiguration", new XElement(Schema + "AnalyticsModule", recorder.Writer.Declaration(Schema), new XAttribute("Name", "Motion"),
            new XAttribute("Type", $"{recorder.Writer.Prefix(Schema)}:CellMotionEngine"),
            new XElement(Schema + "Parameters", Enumerable.Range(0, bytes / BytesOfItem).Select(number => new XElement(Schema + "SimpleItem", new XAttribute("Name", $"Cell{number}"), new XAttribute("Value", "0123456789")))))),
        new XElement(Schema + "RuleEngineConfiguration"));

    static XElement Resolution() => new(Schema + "Resolution", new XElement(Schema + "Width", 1920), new XElement(Schema + "Height", 1080));
}
