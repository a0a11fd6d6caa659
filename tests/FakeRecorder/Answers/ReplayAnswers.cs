using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>The replay service: where a recording can be played from.</summary>
internal static class ReplayAnswers
{
    public static Func<XElement>? To(Recorder recorder, SoapRequest request) => request.Name switch
    {
        "GetServiceCapabilities" => () => new(Replay + "GetServiceCapabilitiesResponse", new XElement(Replay + "Capabilities", new XAttribute("ReversePlayback", false), new XAttribute("RTP_RTSP_TCP", true))),
        "GetReplayUri" => () => Address(recorder, recorder.OfRecording(request.RequiredText("RecordingToken"))),
        _ => null,
    };

    static XElement Address(Recorder recorder, RecordedCamera camera)
    {
        var played = recorder.Quirks.ReplaysChannelOne ? recorder.Cameras[0] : camera;
        return new(Replay + "GetReplayUriResponse", new XElement(Replay + "Uri",
            $"{recorder.RtspHost("GetReplayUri")}/replay/{Uri.EscapeDataString(played.Name)}?channel={played.Number}&onvifreplayext=1"));
    }
}
