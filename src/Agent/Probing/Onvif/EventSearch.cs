using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>Asks a recorder when the footage of a recording began and ended (FindEvents), and remembers which form of the question it takes.</summary>
internal sealed class EventSearch(SoapClient client, string path, OnvifOptions options, TimeProvider time)
{
    // A camera that records when something moves makes some hundreds a day.
    const int MostEvents = 400_000;

    // Where all of it is more than the recorder tells in time: what any law asks for, newest first.
    static readonly TimeSpan Shorter = TimeSpan.FromDays(32);

    // No recorder that keeps back results was seen to tell fewer than its page, and none has a page smaller than this.
    const int FewestCut = 10;

    static readonly TimeSpan Another = TimeSpan.FromSeconds(1);

    bool _takesTopics = true;
    bool _isSlow;

    /// <summary>The history of a recording; a failure leaves what was not told unknown, or all.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="asked">The time asked about, on the recorder's clock.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(TrackHistory History, SoapFailure? Failure)> OfAsync(StoredRecording recording, TimeRange asked, CancellationToken cancel)
    {
        var shorter = new TimeRange(asked.To - asked.From > Shorter ? asked.To - Shorter : asked.From, asked.To);
        var range = _isSlow ? shorter : asked;
        var (events, failure) = await FindAsync(recording, range, cancel);
        if (failure is { Code: ProblemCode.SearchUnfinished } && events.Count >= SearchSession.PageSize && range != shorter)
        {
            (_isSlow, range) = (true, shorter);
            (events, failure) = await FindAsync(recording, range, cancel);
        }

        failure ??= await TakeTheRestAsync(recording, range, events, cancel);
        var tracks = events.GroupBy(e => e.Track, StringComparer.Ordinal).Select(track => TrackHistory.Of([.. track], range, failure is null)).ToList();
        if (tracks.Count == 0) // not even how it stood at the beginning
            return (TrackHistory.Unknown(asked), failure);
        var history = TrackHistory.Union(tracks);
        return (history with { Unseen = history.Unseen.Union(RangeSet.Of([new TimeRange(asked.From, range.From)])) }, failure);
    }

    async Task<(List<TrackEvent> Events, SoapFailure? Failure)> FindAsync(StoredRecording recording, TimeRange range, CancellationToken cancel)
    {
        var events = new List<TrackEvent>();
        var failure = await RunAsync(recording, range, events, cancel);
        if (_takesTopics && failure is not null && events.Count == 0 && IsAboutFilter(failure))
        {
            failure = await RunAsync(recording, range, events, cancel, withTopic: false);
            _takesTopics = failure is not null;
        }

        // Its places for searches may be taken by others for the moment, or it forgot this one in between.
        if (failure is not null && (failure.Has("ResourceProblem") || failure.Has("InvalidToken")))
        {
            events.Clear();
            await Task.Delay(Another, time, cancel);
            failure = await RunAsync(recording, range, events, cancel);
        }

        return (events, failure);
    }

    /// <summary>
    /// Some tell so many results and call the search completed. Where what was told may be so many, the time since the last of it is asked
    /// about again, until nothing new is told: else the rest would be taken for footage, or for none.
    /// </summary>
    async Task<SoapFailure?> TakeTheRestAsync(StoredRecording recording, TimeRange range, List<TrackEvent> events, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var told = events.Count; told >= FewestCut;)
        {
            var newest = events.Where(e => e.Time <= range.To).Select(e => e.Time).DefaultIfEmpty(range.From).Max();
            var more = new List<TrackEvent>();
            if (await RunAsync(recording, new TimeRange(newest < range.From ? range.From : newest, range.To), more, cancel) is { } failure)
                return failure;
            var known = events.Where(e => e.Time == newest).ToHashSet();
            var rest = more.Where(e => !e.IsStartState && e.Time >= newest && !known.Contains(e)).ToList();
            events.AddRange(rest);
            told = rest.Count;
            if (told > 0 && time.GetElapsedTime(began) > options.LooksWithin / 4)
                return new SoapFailure(ProblemCode.SearchUnfinished, "it calls searches completed and had not told all of its footage");
        }

        return null;
    }

    async Task<SoapFailure?> RunAsync(StoredRecording recording, TimeRange range, List<TrackEvent> events, CancellationToken cancel, bool? withTopic = null)
    {
        var isGarbled = false;
        var failure = await new SearchSession(client, path, options, time).RunAsync(Question(recording.Token, range, withTopic ?? _takesTopics), "GetEventSearchResults", page =>
        {
            isGarbled |= page.All("Result").Any(TrackEvent.IsGarbled);
            return Take(page, recording, events);
        }, cancel);
        if (events.Count >= MostEvents)
            return failure ?? new SoapFailure(ProblemCode.SearchUnfinished, $"it tells of more than {MostEvents} beginnings and ends");
        if (!isGarbled)
            return failure;
        // Of a hole both of whose edges are lost nothing else would show.
        events.Clear();
        return failure ?? new SoapFailure(ProblemCode.MalformedReply, "it tells that footage begins or ends, and the time of it cannot be read");
    }

    static int Take(SoapElement page, StoredRecording recording, List<TrackEvent> events)
    {
        var results = 0;
        foreach (var result in page.All("Result"))
        {
            results++;
            // Some tell of all recordings, whichever was asked about.
            if (events.Count < MostEvents && TrackEvent.Of(result) is { } told && (told.Recording.Length == 0 || told.Recording == recording.Token) && recording.IsVideo(told.Track))
                events.Add(told);
        }

        return results;
    }

    static bool IsAboutFilter(SoapFailure failure) =>
        failure.FaultCodes.Any(code => code.Contains("Filter", StringComparison.OrdinalIgnoreCase) || code.Contains("Topic", StringComparison.OrdinalIgnoreCase));

    static SoapCall Question(string recording, TimeRange range, bool withTopic) => new(OnvifNames.Search, "FindEvents", xml =>
    {
        xml.WriteElementString("StartPoint", OnvifNames.Search, OnvifTime.Text(range.From));
        xml.WriteElementString("EndPoint", OnvifNames.Search, OnvifTime.Text(range.To));
        xml.WriteStartElement("Scope", OnvifNames.Search);
        xml.WriteElementString("tt", "IncludedRecordings", OnvifNames.Schema, recording);
        xml.WriteEndElement();
        xml.WriteStartElement("SearchFilter", OnvifNames.Search);
        if (withTopic)
        {
            xml.WriteStartElement("wsnt", "TopicExpression", OnvifNames.Notification);
            xml.WriteAttributeString("xmlns", "tns1", null, OnvifNames.Topics); // the prefix in the text means it
            xml.WriteAttributeString("Dialect", OnvifNames.ConcreteTopics);
            xml.WriteString("tns1:RecordingHistory/Track/State");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteElementString("IncludeStartState", OnvifNames.Search, "true");
        xml.WriteElementString("KeepAliveTime", OnvifNames.Search, SearchSession.KeepAlive);
    });
}
