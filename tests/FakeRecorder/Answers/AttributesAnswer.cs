using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>GetMediaAttributes: what footage of each recording holds one instant.</summary>
internal static class AttributesAnswer
{
    public static XElement To(Recorder recorder, SoapRequest request)
    {
        var asked = request.Time("Time")!.Value.UtcDateTime;
        var tokens = request.Operation.Elements(Search + "RecordingTokens").Select(token => token.Value.Trim()).ToList();
        var cameras = tokens.Count == 0 ? recorder.Listed : tokens.Select(recorder.OfRecording);
        return new(Search + "GetMediaAttributesResponse", cameras.Select(camera => Attributes(recorder, camera, asked)));
    }

    static XElement? Attributes(Recorder recorder, RecordedCamera camera, DateTime asked)
    {
        var spans = (recorder.Quirks.MediaAttributes == MediaAttributesForm.Files ? camera.Files : camera.Runs)
            .Select(span => (From: recorder.Clock.Told(span.From), Until: recorder.Clock.Told(span.To))).ToList();
        var found = spans.Where(span => span.From <= asked && asked < span.Until)
            .Concat(recorder.Quirks.MediaAttributes == MediaAttributesForm.Next ? spans.Where(span => span.From > asked) : [])
            .Cast<(DateTime From, DateTime Until)?>().FirstOrDefault();
        if (found is not { } span)
            return null;
        if (recorder.Quirks.MediaAttributes == MediaAttributesForm.Points)
            span = (asked, asked);
        if (recorder.Has(Fault.FutureFootage, "GetMediaAttributes"))
            span.Until = span.Until.AddYears(1);
        var bounds = RecordingInformation.Bounds(recorder, camera, "GetMediaAttributes");
        return new(Search + "MediaAttributes",
            new XElement(Schema + "RecordingToken", camera.Recording),
            new XElement(Schema + "TrackAttributes",
                RecordingInformation.Track(recorder, camera.Tracks.First(), bounds, "TrackInformation"),
                new XElement(Schema + "VideoAttributes",
                    new XElement(Schema + "Bitrate", 2048),
                    new XElement(Schema + "Width", 1920),
                    new XElement(Schema + "Height", 1080),
                    new XElement(Schema + "Encoding", "H264"),
                    new XElement(Schema + "Framerate", 25))),
            new XElement(Schema + "From", recorder.Clock.Text(span.From)),
            new XElement(Schema + "Until", recorder.Clock.Text(span.Until)));
    }
}
