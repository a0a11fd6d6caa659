using System.Xml.Linq;
using FakeRecorder.Answers;
using FakeRecorder.Soap;

namespace FakeRecorder.Searching;

/// <summary>What FindEvents finds.</summary>
internal static class EventSearch
{
    const int Kept = 64;

    public static IReadOnlyList<HistoryEvent> Run(Recorder recorder, SoapRequest request)
    {
        var start = request.Time("StartPoint")!.Value.UtcDateTime;
        var end = request.Time("EndPoint")?.UtcDateTime ?? DateTime.MaxValue;
        var topics = Topics(recorder, request.Operation.Element(Namespaces.Search + "SearchFilter")!);
        var histories = SearchScope.Cameras(recorder, request).Select(camera => new History(recorder, camera)).ToList();
        var states = bool.Parse(request.RequiredText("IncludeStartState")) && !recorder.Quirks.OmitsStartState ? histories.SelectMany(history => history.StateAt(start)) : [];
        var events = histories.SelectMany(history => history.Events());
        // A stable order keeps what happened in one instant as it happened.
        var found = end >= start
            ? events.Where(found => found.At >= start && found.At <= end).OrderBy(found => found.At)
            : events.Where(found => found.At <= start && found.At >= end).Reverse().OrderByDescending(found => found.At);
        var all = states.Concat(found).Where(found => topics is null || topics.Any(topic => found.Topic.StartsWith(topic, StringComparison.Ordinal)));
        all = recorder.FaultAt("GetEventSearchResults") switch
        {
            Fault.OutOfOrder => all.OrderBy(found => (found.At.Ticks / TimeSpan.TicksPerSecond) * 7919 % 1009),
            Fault.FutureFootage when end >= start => all.Concat(events.Where(found => found.At > end)).Distinct(),
            _ => all,
        };
        var most = recorder.Has(Fault.KeepsBackResults, "GetEventSearchResults") ? Kept : int.MaxValue;
        return [.. all.Take(Math.Min(most, request.Number("MaxMatches") ?? int.MaxValue))];
    }

    // Null where everything is meant.
    static List<string>? Topics(Recorder recorder, XElement filter)
    {
        if (!filter.HasElements)
            return null;
        if (recorder.Quirks.RefusesFilter)
            throw new SoapFaultException("The filter is not supported", "InvalidArgVal", "InvalidFilterFault");
        if (recorder.Quirks.IgnoresFilter || recorder.Quirks.MixesTopics)
            return null;
        return [.. filter.Elements(Namespaces.Notification + "TopicExpression").SelectMany(Expressions)];
    }

    static IEnumerable<string> Expressions(XElement expression)
    {
        foreach (var each in expression.Value.Split('|', StringSplitOptions.TrimEntries))
        {
            var parts = each.Split(':', 2);
            if (parts.Length != 2 || expression.GetNamespaceOfPrefix(parts[0]) != Namespaces.Topics)
                throw new SoapFaultException($"{each} is no topic", "InvalidArgVal", "InvalidFilterFault");
            yield return parts[1].Replace("//.", "", StringComparison.Ordinal);
        }
    }
}
