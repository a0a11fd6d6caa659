using System.Globalization;
using System.Xml.Linq;
using FakeRecorder.Answers;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Searching;

/// <summary>The searches that are open. Few recorders allow many at a time, and none tells a result twice.</summary>
internal sealed class SearchSessions(Recorder recorder)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, SearchSession> _open = [];
    int _count;

    /// <summary>How many are open now.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    public string FindEvents(SoapRequest request) =>
        Begin(request, [.. EventSearch.Run(recorder, request).Select(found => EventElement.Of(recorder, found))]);

    public string FindRecordings(SoapRequest request) =>
        Begin(request, [.. SearchScope.Cameras(recorder, request).Select(camera => RecordingInformation.Of(recorder, camera, Schema + "RecordingInformation", request.Name))]);

    public XElement Results(SoapRequest request)
    {
        lock (_gate)
        {
            var session = Find(request);
            session.Polls++;
            var most = request.Number("MaxResults");
            if (session.Polls <= recorder.Quirks.QueuedPolls)
                return Response(request, "Queued", []);
            if (session.Polls <= recorder.Quirks.QueuedPolls + recorder.Quirks.EmptyPolls)
                return Response(request, "Searching", []);
            switch (recorder.FaultAt(request.Name))
            {
                case Fault.EndlessPages:
                    return Response(request, "Searching", session.FirstPage(most));
                case Fault.NeverCompletes:
                    return Response(request, "Searching", session.Next(most));
                case Fault.DuplicatedPages:
                    var page = session.Next(most);
                    return Response(request, session.HasToldEverything ? "Completed" : "Searching", [.. page, .. page]);
                case Fault.ForgetsSessions when session.Number % 2 == 1:
                    _open.Remove(session.Token);
                    return Response(request, "Searching", session.Next(most));
            }

            var next = session.Next(most);
            if (session.HasToldEverything && recorder.Quirks.DropsCompletedSessions)
                _open.Remove(session.Token);
            return Response(request, session.HasToldEverything ? "Completed" : "Searching", next);
        }
    }

    public string State(SoapRequest request)
    {
        lock (_gate)
            return Find(request).HasToldEverything ? "Completed" : "Searching";
    }

    /// <summary>Ends a search.</summary>
    /// <returns>Until when it had searched.</returns>
    public DateTime End(SoapRequest request)
    {
        lock (_gate)
        {
            _open.Remove(Find(request).Token);
            return recorder.Clock.ToldNow;
        }
    }

    string Begin(SoapRequest request, IReadOnlyList<XElement> results)
    {
        lock (_gate)
        {
            Forget();
            if (_open.Count >= recorder.Quirks.Sessions || recorder.Has(Fault.TooManySessions, request.Name))
                throw SoapFaultException.ResourceProblem();
            _count++;
            // Real ones look like this, and it has to come back as it is.
            var token = string.Create(CultureInfo.InvariantCulture, $"SearchToken[{_count}]&<{_count}>");
            _open.Add(token, new(token, _count, results, recorder.Quirks.PageSize, request.Duration("KeepAliveTime")!.Value) { LastAsked = recorder.Script.Clock.GetUtcNow() });
            return token;
        }
    }

    SearchSession Find(SoapRequest request)
    {
        Forget();
        var token = request.RequiredText("SearchToken");
        if (!_open.TryGetValue(token, out var session))
            throw SoapFaultException.InvalidToken($"No search {token}");
        session.LastAsked = recorder.Script.Clock.GetUtcNow();
        return session;
    }

    void Forget()
    {
        var now = recorder.Script.Clock.GetUtcNow();
        foreach (var session in _open.Values.Where(session => now - session.LastAsked > session.KeepAlive).ToList())
            _open.Remove(session.Token);
    }

    XElement Response(SoapRequest request, string state, IReadOnlyList<XElement> results)
    {
        var list = new XElement(Search + "ResultList", results);
        var response = new XElement(Search + (request.Name + "Response"), list);
        switch (recorder.Quirks.SearchState)
        {
            case SearchStatePlace.InResultList:
                list.AddFirst(new XElement(Schema + "SearchState", state));
                break;
            case SearchStatePlace.BesideResultList:
                response.AddFirst(new XElement(Search + "SearchState", state));
                break;
            default:
                list.Add(new XAttribute("SearchState", state));
                break;
        }

        return response;
    }
}
