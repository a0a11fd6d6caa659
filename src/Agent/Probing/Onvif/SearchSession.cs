namespace Agent.Probing.Onvif;

/// <summary>
/// One search at a recorder (ONVIF Recording Search, "Search sessions"): begun, asked for its results page by page, and ended whatever
/// happens. Recorders keep few of them, so that a recorder is asked one search at a time.
/// </summary>
internal sealed class SearchSession(SoapClient client, string path, OnvifOptions options, TimeProvider time)
{
    public const int PageSize = 200;

    /// <summary>How long a recorder keeps a session that nobody asks; every device supports that much.</summary>
    public const string KeepAlive = "PT60S";

    const string AnswersAfter = "PT2S";
    const int MostPages = 2000;
    const int MostEmptyPages = 200;
    const int MostRepetitions = 3;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan ForTheEnd = TimeSpan.FromSeconds(2);

    /// <summary>How long one search may take: a quarter of the look, so that one camera does not take the time of all.</summary>
    TimeSpan Longest => options.LooksWithin / 4;

    /// <summary>Runs a search to its end.</summary>
    /// <param name="find">Begins it.</param>
    /// <param name="resultsOperation">Asks for its results.</param>
    /// <param name="page">Takes the list of results of one answer and says how many there were.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when everything was told; otherwise why not, and what was told before stands.</returns>
    public async Task<SoapFailure?> RunAsync(SoapCall find, string resultsOperation, Func<SoapElement, int> page, CancellationToken cancel)
    {
        var begun = await client.AskAsync(path, find, cancel);
        if (!begun.Succeeded(out var answer, out var refused))
            return refused;
        if (answer.Everything().FirstOrDefault(e => e.Name == "SearchToken") is not { Text: { Length: > 0 } token })
            return new SoapFailure(ProblemCode.MalformedReply, "it begins a search and gives it no token");
        SoapFailure? failure = null;
        try
        {
            return failure = await CollectAsync(token, resultsOperation, page, cancel);
        }
        finally
        {
            // Of one that does not answer the session ends by itself.
            if (failure is not { IsFinal: true })
                await EndAsync(token);
        }
    }

    async Task<SoapFailure?> CollectAsync(string token, string operation, Func<SoapElement, int> page, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var (isCompleted, empty, before, repetitions) = (false, 0, 0, 0);
        for (var pages = 1; pages <= MostPages; pages++)
        {
            var reply = await client.AskAsync(path, Results(operation, token), cancel);
            if (!reply.Succeeded(out var answer, out var failure))
                return isCompleted && failure.FaultCodes.Count > 0 ? null : failure; // a completed session may be gone when it is asked once more
            var list = answer["ResultList"] ?? answer;
            var count = page(list);
            // The state may be that of the search while results are still to be had: a full page asks for another, unless the same comes again.
            var mark = Mark(list);
            if (IsCompleted(answer, list) && (count < PageSize || (pages > 1 && mark == before)))
                return null;
            (isCompleted, empty, repetitions) = (IsCompleted(answer, list), count == 0 ? empty + 1 : 0, count > 0 && pages > 1 && mark == before ? repetitions + 1 : 0);
            before = mark;
            if (repetitions == MostRepetitions)
                return new SoapFailure(ProblemCode.SearchUnfinished, "its search gives the same page again and again");
            if (time.GetElapsedTime(began) > Longest || empty > MostEmptyPages)
                return new SoapFailure(ProblemCode.SearchUnfinished, $"its search did not come to an end within {time.GetElapsedTime(began).TotalSeconds:0} s");
            if (count == 0)
                await Task.Delay(Pause, time, cancel);
        }

        return new SoapFailure(ProblemCode.SearchUnfinished, $"its search gave {MostPages} pages and no end");
    }

    async Task EndAsync(string token)
    {
        using var patience = new CancellationTokenSource(ForTheEnd, time);
        try
        {
            await client.AskAsync(path, new SoapCall(OnvifNames.Search, "EndSearch", xml => xml.WriteElementString("SearchToken", OnvifNames.Search, token)), patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It forgets the session by itself.
        }
    }

    static SoapCall Results(string operation, string token) => new(OnvifNames.Search, operation, xml =>
    {
        xml.WriteElementString("SearchToken", OnvifNames.Search, token);
        xml.WriteElementString("MinResults", OnvifNames.Search, "1");
        xml.WriteElementString("MaxResults", OnvifNames.Search, PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture));
        xml.WriteElementString("WaitTime", OnvifNames.Search, AnswersAfter);
    });

    /// <summary>The state belongs inside the list; it was also met beside it, and as an attribute of either.</summary>
    static bool IsCompleted(SoapElement answer, SoapElement list) =>
        string.Equals(list.TextAt("SearchState") ?? answer.TextAt("SearchState") ?? list.Attribute("SearchState") ?? answer.Attribute("SearchState"), "Completed", StringComparison.OrdinalIgnoreCase);

    static int Mark(SoapElement list)
    {
        var mark = new HashCode();
        foreach (var element in list.Everything().Where(e => e.Name != "SearchState"))
            mark.Add(element.Text, StringComparer.Ordinal);
        return mark.ToHashCode();
    }
}
