namespace Agent.Probing.Onvif;

/// <summary>What recordings a recorder has: its recording service's list, its search's, and the jobs that tie them to cameras, laid together.</summary>
internal static class RecordingList
{
    /// <summary>Reads all lists. A failure is one only when no list of recordings was to be had.</summary>
    public static async Task<(IReadOnlyList<StoredRecording> Recordings, SoapFailure? Failure)> ReadAsync(
        SoapClient client, OnvifServices services, OnvifOptions options, TimeProvider time, CancellationToken cancel)
    {
        var found = new Dictionary<string, StoredRecording>(StringComparer.Ordinal);
        var failures = new List<SoapFailure?>();
        if (services.Search is { } search)
        {
            var failure = await new SearchSession(client, search, options, time).RunAsync(Everything(), "GetRecordingSearchResults", page => Take(page.All("RecordingInformation"), found), cancel);
            if (failure is { IsFinal: true })
                return ([], failure);
            failures.Add(failure);
        }

        if (services.Recording is { } recording)
        {
            var reply = await client.AskAsync(recording, new SoapCall(OnvifNames.Recording, "GetRecordings"), cancel);
            if (reply.Failure is { IsFinal: true } lost)
                return ([], lost);
            Take(reply.Answer?.All("RecordingItem") ?? [], found);
            failures.Add(reply.Failure);
            // Without jobs the source's own id has to do.
            var jobs = await client.AskAsync(recording, new SoapCall(OnvifNames.Recording, "GetRecordingJobs"), cancel);
            TakeJobs(jobs.Answer, found);
        }

        // One list that was told to its end is all there is; one that broke off may lack a camera.
        return failures.Contains(null) ? ([.. found.Values.OrderBy(r => r.Token, StringComparer.Ordinal)], null)
            : ([], failures.FirstOrDefault() ?? new SoapFailure(ProblemCode.NoRecordingSearch, "it names no service that lists recordings"));
    }

    static int Take(IEnumerable<SoapElement> elements, Dictionary<string, StoredRecording> found)
    {
        var count = 0;
        foreach (var element in elements)
        {
            count++;
            if (StoredRecording.Of(element) is { } recording)
                found[recording.Token] = found.TryGetValue(recording.Token, out var known) ? known.With(recording) : recording;
        }

        return count;
    }

    /// <summary>A job says from which media profile it records: the only standard link between a camera and a recording.</summary>
    public static void TakeJobs(SoapElement? answer, Dictionary<string, StoredRecording> found)
    {
        foreach (var job in answer?.All("JobItem") ?? [])
            if (job.TextAt("JobConfiguration", "RecordingToken") is { } token && found.TryGetValue(token, out var recording) && job.TextAt("JobConfiguration", "Source", "SourceToken", "Token") is { } source)
                found[token] = recording with { JobSource = recording.JobSource ?? source };
    }

    // The scope is demanded even where nothing stands in it.
    static SoapCall Everything() => new(OnvifNames.Search, "FindRecordings", xml =>
    {
        xml.WriteStartElement("Scope", OnvifNames.Search);
        xml.WriteEndElement();
        xml.WriteElementString("KeepAliveTime", OnvifNames.Search, SearchSession.KeepAlive);
    });
}
