using FakeRecorder.Answers;

namespace FakeRecorder.Searching;

/// <summary>The events of one camera, oldest first.</summary>
internal sealed class History(Recorder recorder, RecordedCamera camera)
{
    public IEnumerable<HistoryEvent> Events()
    {
        var video = camera.Tracks.First().Token;
        foreach (var occurrence in Happened(recorder.Quirks.TellsFiles ? camera.Sections : camera.Runs, video))
            yield return occurrence;
        if (recorder.Quirks.RecordsSound && camera.Runs.Count > 0)
            foreach (var occurrence in Happened(Sound, "AUDIO001").Concat(Happened(Metadata, "META001")))
                yield return occurrence;
        foreach (var run in camera.Runs)
        {
            yield return HistoryEvent.Recorded(Told(run.From), camera, true);
            yield return new(Told(run.From), camera.Recording, video, HistoryEvent.VideoParameters, "VideoEncoding", "H264");
            if (!IsOpen(run.To))
                yield return HistoryEvent.Recorded(Told(run.To), camera, false);
        }

        if (recorder.Has(Fault.ForeignEvents, "GetEventSearchResults") && camera.Runs.Count > 0)
            foreach (var hour in Enumerable.Range(0, 5))
                yield return HistoryEvent.Data(Told(camera.Runs[0].From.AddHours(hour)), camera, "no-such-track", hour % 2 == 0) with { Recording = "no-such-recording" };
        if (recorder.Has(Fault.FutureFootage, "GetEventSearchResults"))
        {
            yield return HistoryEvent.Data(recorder.Clock.ToldNow.AddDays(1), camera, video, true);
            yield return HistoryEvent.Data(recorder.Clock.ToldNow.AddYears(1), camera, video, false);
        }
    }

    /// <summary>The state of every track at an instant that the recorder tells.</summary>
    public IEnumerable<HistoryEvent> StateAt(DateTime told)
    {
        foreach (var (token, kind) in camera.Tracks)
        {
            var spans = kind switch { "Audio" => Sound, "Metadata" => Metadata, _ => camera.Runs };
            yield return HistoryEvent.Data(told, camera, token, Holds(spans, told)) with { IsStartState = true };
        }

        yield return HistoryEvent.Recorded(told, camera, Holds(camera.Runs, told)) with { IsStartState = true };
    }

    // Sound without a break over every gap of the video, and metadata that end soon after each run began: whoever mixes the tracks is wrong.
    IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Sound => camera.Runs.Count == 0 ? [] : [(camera.Runs[0].From, camera.Runs[^1].To)];

    IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Metadata =>
        [.. camera.Runs.Select(run => (run.From, run.To < run.From.AddMinutes(1) ? run.To : run.From.AddMinutes(1)))];

    IEnumerable<HistoryEvent> Happened(IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> spans, string track)
    {
        foreach (var (span, previous) in spans.Select((span, index) => (span, index == 0 ? (DateTimeOffset?)null : spans[index - 1].To)))
        {
            var begins = HistoryEvent.Data(Told(span.From), camera, track, true);
            if (previous is { } end)
            {
                var ends = HistoryEvent.Data(Told(end), camera, track, false);
                if (end == span.From && recorder.Quirks.BeginsBeforeItEnds)
                    (begins, ends) = (ends, begins);
                yield return ends;
            }

            yield return begins;
        }

        if (spans.Count > 0 && !IsOpen(spans[^1].To))
            yield return HistoryEvent.Data(Told(spans[^1].To), camera, track, false);
    }

    bool Holds(IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> spans, DateTime told) =>
        spans.Any(span => Told(span.From) <= told && (told < Told(span.To) || IsOpen(span.To)));

    bool IsOpen(DateTimeOffset end) => camera.IsRecording && end == camera.Runs[^1].To;

    DateTime Told(DateTimeOffset instant) => recorder.Clock.Told(instant);
}
