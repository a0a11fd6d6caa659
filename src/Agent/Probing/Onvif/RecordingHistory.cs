using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>What a recorder tells of a recording, in the best way that it answers: events, then single instants, then what it plays.</summary>
internal sealed class RecordingHistory(EventSearch events, MediaWalk walk, ReplayHistory? replay)
{
    // What it has refused for one recording it is not asked for the next: each refusal may have cost its share of the time.
    SoapFailure? _noEvents;
    SoapFailure? _noWalk;

    /// <summary>The history of a recording; with a failure, what was not told is unknown.</summary>
    public async Task<(TrackHistory History, SoapFailure? Failure)> OfAsync(StoredRecording recording, TimeRange asked, CancellationToken cancel)
    {
        var (history, failure) = _noEvents is null ? await events.OfAsync(recording, asked, cancel) : (TrackHistory.Unknown(asked), _noEvents);
        if (failure is { IsFinal: true } || !IsSilent(history, asked))
            return (WithoutContradiction(history, recording, asked), failure);
        if (failure is not null && !failure.Has("NoRecording"))
            _noEvents = failure;

        if (_noWalk is null)
        {
            var (walked, refused) = await walk.OfAsync(recording, asked, cancel);
            if (!IsSilent(walked, asked))
                return (WithoutContradiction(walked, recording, asked), refused ?? BetweenInstants(walked, asked, failure));
            _noWalk = refused;
            failure ??= refused;
        }

        if (replay is not null)
        {
            var (played, refused) = await replay.OfAsync(recording, asked, cancel);
            if (!IsSilent(played, asked))
                return (WithoutContradiction(played, recording, asked), refused);
            failure ??= refused;
        }

        return (history, failure);
    }

    /// <summary>Why part of the time since the oldest footage is unknown although every instant asked about was told; null when none is.</summary>
    static SoapFailure? BetweenInstants(TrackHistory walked, TimeRange asked, SoapFailure? noEvents)
    {
        var between = walked.Unseen.Clip(new TimeRange(walked.Recorded[0].From, asked.To)).Length;
        return between == TimeSpan.Zero ? null : new SoapFailure(
            ProblemCode.OnlyInstants,
            FormattableString.Invariant($"it tells of single instants only, and of {between.TotalHours:0.0} h between them nothing is known{(noEvents is null ? "" : $"; of its events: {noEvents.Words}")}"));
    }

    static bool IsSilent(TrackHistory history, TimeRange asked) => history.Recorded.Count == 0 && history.Unseen.Length == asked.Length;

    /// <summary>Footage that runs on while the recorder says that it records no more and where it ended: one of the two is wrong, and nobody knows which.</summary>
    static TrackHistory WithoutContradiction(TrackHistory history, StoredRecording recording, TimeRange asked)
    {
        if (!recording.IsStopped || recording.Latest is not { } latest || latest >= asked.To || latest < asked.From)
            return history;
        var after = RangeSet.Of([new TimeRange(latest, asked.To)]).Intersect(history.Recorded);
        return history with { Recorded = history.Recorded.Except(after), Unseen = history.Unseen.Union(after) };
    }
}
