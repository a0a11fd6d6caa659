using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>The recording service: which recordings there are, and which camera feeds each.</summary>
internal static class RecordingAnswers
{
    public static Func<XElement>? To(Recorder recorder, SoapRequest request) => request.Name switch
    {
        "GetServiceCapabilities" => () => new(Recording + "GetServiceCapabilitiesResponse", new XElement(Recording + "Capabilities",
            new XAttribute("DynamicRecordings", false), new XAttribute("DynamicTracks", false), new XAttribute("MaxRecordings", 64))),
        "GetRecordings" => () => new(Recording + "GetRecordingsResponse", recorder.Listed.Select(camera => new XElement(Recording + "RecordingItem",
            new XElement(Schema + "RecordingToken", camera.Recording),
            new XElement(Schema + "Configuration", Configuration(recorder, camera)),
            new XElement(Schema + "Tracks", camera.Tracks.Select(Track))))),
        "GetRecordingConfiguration" => () => new(Recording + "GetRecordingConfigurationResponse",
            new XElement(Recording + "RecordingConfiguration", Configuration(recorder, recorder.OfRecording(request.RequiredText("RecordingToken"))))),
        "GetRecordingJobs" => () => new(Recording + "GetRecordingJobsResponse", recorder.Quirks.LacksJobs ? null : recorder.Listed.Select(Job)),
        "GetRecordingJobState" => () => JobState(recorder, request.RequiredText("JobToken")),
        _ => null,
    };

    public static XElement Source(RecordedCamera camera) => new(Schema + "Source",
        new XElement(Schema + "SourceId", camera.Source),
        new XElement(Schema + "Name", camera.Name),
        new XElement(Schema + "Location", ""),
        new XElement(Schema + "Description", ""),
        new XElement(Schema + "Address", "http://www.onvif.org/ver10/schema/Profile"));

    static object[] Configuration(Recorder recorder, RecordedCamera camera) =>
    [
        Source(camera),
        new XElement(Schema + "Content", $"Recording of {camera.Name}"),
        new XElement(Schema + "MaximumRetentionTime", recorder.Quirks.Retention),
    ];

    static XElement Track((string Token, string Kind) track) => new(Schema + "Track",
        new XElement(Schema + "TrackToken", track.Token),
        new XElement(Schema + "Configuration", new XElement(Schema + "TrackType", track.Kind), new XElement(Schema + "Description", "")));

    static XElement Job(RecordedCamera camera) => new(Recording + "JobItem",
        new XElement(Schema + "JobToken", camera.Job),
        new XElement(Schema + "JobConfiguration",
            new XElement(Schema + "RecordingToken", camera.Recording),
            new XElement(Schema + "Mode", camera.IsRecording ? "Active" : "Idle"),
            new XElement(Schema + "Priority", 9),
            new XElement(Schema + "Source",
                SourceToken(camera),
                new XElement(Schema + "AutoCreateReceiver", false),
                camera.Tracks.Select((track, number) => new XElement(Schema + "Tracks", new XElement(Schema + "SourceTag", $"tag{number}"), new XElement(Schema + "Destination", track.Token))))));

    static XElement JobState(Recorder recorder, string job)
    {
        var camera = recorder.Listed.FirstOrDefault(camera => camera.Job == job) ?? throw new SoapFaultException($"No job {job}", "InvalidArgVal", "NoRecordingJob");
        var state = camera.IsRecording ? "Active" : "Idle";
        return new(Recording + "GetRecordingJobStateResponse", new XElement(Recording + "State",
            new XElement(Schema + "RecordingToken", camera.Recording),
            new XElement(Schema + "State", state),
            new XElement(Schema + "Sources",
                SourceToken(camera),
                new XElement(Schema + "State", state),
                new XElement(Schema + "Tracks", camera.Tracks.Select((track, number) => new XElement(Schema + "Track",
                    new XElement(Schema + "SourceTag", $"tag{number}"),
                    new XElement(Schema + "Destination", track.Token),
                    new XElement(Schema + "State", state)))))));
    }

    static XElement SourceToken(RecordedCamera camera) =>
        new(Schema + "SourceToken", new XAttribute("Type", "http://www.onvif.org/ver10/schema/Profile"), new XElement(Schema + "Token", camera.Profile));
}
