using FakeRecorder.Answers;

namespace FakeRecorder.Searching;

/// <summary>Something that happened to a recording.</summary>
/// <param name="At">As the recorder tells it.</param>
/// <param name="Topic">Below tns1, without the prefix.</param>
/// <param name="Item">What the event says, and its value.</param>
internal sealed record HistoryEvent(DateTime At, string Recording, string Track, string Topic, string Item, string Value)
{
    public const string TrackState = "RecordingHistory/Track/State";
    public const string RecordingState = "RecordingHistory/Recording/State";
    public const string VideoParameters = "RecordingHistory/Track/VideoParameters";

    public bool IsStartState { get; init; }

    public static HistoryEvent Data(DateTime at, RecordedCamera camera, string track, bool isPresent) =>
        new(at, camera.Recording, track, TrackState, "IsDataPresent", isPresent ? "true" : "false");

    public static HistoryEvent Recorded(DateTime at, RecordedCamera camera, bool isRecording) =>
        new(at, camera.Recording, "", RecordingState, "IsRecording", isRecording ? "true" : "false");
}
