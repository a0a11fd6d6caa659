using System.Xml.Linq;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>What a recorder says of a whole recording: its tracks, its oldest and its newest footage.</summary>
internal static class RecordingInformation
{
    public static XElement Of(Recorder recorder, RecordedCamera camera, XName name, string operation)
    {
        var bounds = Bounds(recorder, camera, operation);
        return new(name,
            new XElement(Schema + "RecordingToken", camera.Recording),
            RecordingAnswers.Source(camera),
            bounds is { } known ? new[] { Time(recorder, "EarliestRecording", known.From), Time(recorder, "LatestRecording", known.To) } : null,
            new XElement(Schema + "Content", $"Recording of {camera.Name}"),
            camera.Tracks.Select(track => Track(recorder, track, bounds, "Track")),
            new XElement(Schema + "RecordingStatus", camera.IsRecording ? "Recording" : "Stopped"));
    }

    public static XElement Track(Recorder recorder, (string Token, string Kind) track, (DateTime From, DateTime To)? bounds, string name) => new(Schema + name,
        new XElement(Schema + "TrackToken", track.Token),
        new XElement(Schema + "TrackType", track.Kind),
        new XElement(Schema + "Description", ""),
        Time(recorder, "DataFrom", bounds?.From ?? recorder.Clock.ToldNow),
        Time(recorder, "DataTo", bounds?.To ?? recorder.Clock.ToldNow));

    /// <summary>The oldest and the newest footage, as it is told; null where there is none.</summary>
    public static (DateTime From, DateTime To)? Bounds(Recorder recorder, RecordedCamera camera, string operation)
    {
        if (camera.Runs.Count == 0)
            return null;
        var from = recorder.Clock.Told(camera.Runs[0].From);
        var to = recorder.Clock.Told(camera.Runs[^1].To);
        return recorder.FaultAt(operation) switch
        {
            Fault.LyingDataFrom => (from.AddDays(-30), to),
            Fault.DataFrom1970 => (new(1970, 1, 1, 0, 3, 15, DateTimeKind.Utc), to),
            Fault.FutureFootage => (from, to.AddYears(1)),
            _ => (from, to),
        };
    }

    static XElement Time(Recorder recorder, string name, DateTime told) => new(Schema + name, recorder.Clock.Text(told));
}
