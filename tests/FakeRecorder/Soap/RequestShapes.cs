using System.Xml.Linq;

namespace FakeRecorder.Soap;

/// <summary>
/// What each operation may be asked with, in the order its schema wants: a strict recorder refuses everything else, as those built on
/// generated parsers do. "?" behind a name: may be missing; "*": any number.
/// </summary>
internal static class RequestShapes
{
    static readonly Dictionary<XName, string[]> Shapes = new()
    {
        [Namespaces.Device + "GetSystemDateAndTime"] = [],
        [Namespaces.Device + "GetServices"] = ["IncludeCapability"],
        [Namespaces.Device + "GetServiceCapabilities"] = [],
        [Namespaces.Device + "GetCapabilities"] = ["Category*"],
        [Namespaces.Device + "GetDeviceInformation"] = [],
        [Namespaces.Device + "GetScopes"] = [],
        [Namespaces.Device + "GetHostname"] = [],
        [Namespaces.Media + "GetServiceCapabilities"] = [],
        [Namespaces.Media + "GetProfiles"] = [],
        [Namespaces.Media + "GetVideoSources"] = [],
        [Namespaces.Media + "GetStreamUri"] = ["StreamSetup", "ProfileToken"],
        [Namespaces.Recording + "GetServiceCapabilities"] = [],
        [Namespaces.Recording + "GetRecordings"] = [],
        [Namespaces.Recording + "GetRecordingConfiguration"] = ["RecordingToken"],
        [Namespaces.Recording + "GetRecordingJobs"] = [],
        [Namespaces.Recording + "GetRecordingJobState"] = ["JobToken"],
        [Namespaces.Search + "GetServiceCapabilities"] = [],
        [Namespaces.Search + "GetRecordingSummary"] = [],
        [Namespaces.Search + "GetRecordingInformation"] = ["RecordingToken"],
        [Namespaces.Search + "GetMediaAttributes"] = ["RecordingTokens*", "Time"],
        [Namespaces.Search + "FindRecordings"] = ["Scope", "MaxMatches?", "KeepAliveTime"],
        [Namespaces.Search + "GetRecordingSearchResults"] = ["SearchToken", "MinResults?", "MaxResults?", "WaitTime?"],
        [Namespaces.Search + "FindEvents"] = ["StartPoint", "EndPoint?", "Scope", "SearchFilter", "IncludeStartState", "MaxMatches?", "KeepAliveTime"],
        [Namespaces.Search + "GetEventSearchResults"] = ["SearchToken", "MinResults?", "MaxResults?", "WaitTime?"],
        [Namespaces.Search + "GetSearchState"] = ["SearchToken"],
        [Namespaces.Search + "EndSearch"] = ["SearchToken"],
        [Namespaces.Replay + "GetServiceCapabilities"] = [],
        [Namespaces.Replay + "GetReplayUri"] = ["StreamSetup", "RecordingToken"],
    };

    static readonly Dictionary<XName, string[]> Inner = new()
    {
        [Namespaces.Schema + "Scope"] = ["IncludedSources*", "IncludedRecordings*", "RecordingInformationFilter?", "Extension?"],
        [Namespaces.Schema + "StreamSetup"] = ["Stream", "Transport"],
    };

    public static bool Knows(XName operation) => Shapes.ContainsKey(operation);

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public static string? Complaint(XElement operation)
    {
        if (!Shapes.TryGetValue(operation.Name, out var shape))
            return $"{operation.Name.LocalName} is not known in {operation.Name.Namespace}";
        return Complaint(operation, operation.Name.Namespace, shape) ??
            operation.Elements()
                .Select(child => Inner.TryGetValue(Namespaces.Schema + child.Name.LocalName, out var inner) ? Complaint(child, Namespaces.Schema, inner) : null)
                .FirstOrDefault(complaint => complaint is not null);
    }

    static string? Complaint(XElement element, XNamespace children, string[] shape)
    {
        var rest = new Queue<XElement>(element.Elements());
        foreach (var part in shape)
        {
            var name = children + part.TrimEnd('?', '*');
            var many = part.EndsWith('*');
            if (!many && !part.EndsWith('?') && (rest.Count == 0 || rest.Peek().Name != name))
                return $"{element.Name.LocalName}: occurrence constraint violation at {name.LocalName}";
            while (rest.Count > 0 && rest.Peek().Name == name)
            {
                rest.Dequeue();
                if (!many)
                    break;
            }
        }

        return rest.Count == 0 ? null : $"{element.Name.LocalName}: {rest.Peek().Name} is not expected here";
    }
}
