using System.Xml.Linq;
using FakeRecorder.Answers;
using FakeRecorder.Soap;

namespace FakeRecorder.Searching;

/// <summary>Which recordings a search is about.</summary>
internal static class SearchScope
{
    public static IReadOnlyList<RecordedCamera> Cameras(Recorder recorder, SoapRequest request)
    {
        var scope = request.Operation.Element(Namespaces.Search + "Scope")!;
        var recordings = Tokens(scope.Elements(Namespaces.Schema + "IncludedRecordings"));
        var sources = Tokens(scope.Elements(Namespaces.Schema + "IncludedSources").Elements(Namespaces.Schema + "Token"));
        if (recorder.Quirks.NeedsSources && recordings.Count + sources.Count == 0)
            throw new SoapFaultException("IncludedSources is missing", "InvalidArgVal", "InvalidSource");
        foreach (var token in recordings)
            recorder.OfRecording(token);
        return
        [
            .. recorder.Listed.Where(camera =>
                (recordings.Count == 0 || recordings.Contains(camera.Recording)) &&
                (sources.Count == 0 || sources.Contains(camera.Source) || sources.Contains(camera.Profile))),
        ];
    }

    static List<string> Tokens(IEnumerable<XElement> elements) => [.. elements.Select(element => element.Value.Trim())];
}
