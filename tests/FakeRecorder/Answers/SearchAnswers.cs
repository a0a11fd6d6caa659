using System.Xml.Linq;
using FakeRecorder.Soap;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Answers;

/// <summary>The search service: what footage a recording holds, asked in one go or in sessions.</summary>
internal static class SearchAnswers
{
    public static Func<XElement>? To(Recorder recorder, SoapRequest request) => request.Name switch
    {
        "GetServiceCapabilities" => () => new(Search + "GetServiceCapabilitiesResponse", Capabilities()),
        "GetRecordingSummary" => () => Summary(recorder),
        "GetRecordingInformation" => () => new(Search + "GetRecordingInformationResponse",
            RecordingInformation.Of(recorder, recorder.OfRecording(request.RequiredText("RecordingToken")), Search + "RecordingInformation", request.Name)),
        "GetMediaAttributes" when recorder.Quirks.MediaAttributes != MediaAttributesForm.None => () => AttributesAnswer.To(recorder, request),
        "FindRecordings" => () => Found("FindRecordingsResponse", recorder.Sessions.FindRecordings(request)),
        "FindEvents" when recorder.Quirks.FindsEvents && !recorder.Has(Fault.NoEvents, request.Name) => () => Found("FindEventsResponse", recorder.Sessions.FindEvents(request)),
        "GetRecordingSearchResults" or "GetEventSearchResults" => () => recorder.Sessions.Results(request),
        "GetSearchState" => () => new(Search + "GetSearchStateResponse", new XElement(Search + "State", recorder.Sessions.State(request))),
        "EndSearch" => () => new(Search + "EndSearchResponse", new XElement(Search + "Endpoint", recorder.Clock.Text(recorder.Sessions.End(request)))),
        _ => null,
    };

    public static XElement Capabilities() => new(Search + "Capabilities", new XAttribute("MetadataSearch", false), new XAttribute("GeneralStartEvents", false));

    static XElement Found(string response, string token) => new(Search + response, new XElement(Search + "SearchToken", token));

    static XElement Summary(Recorder recorder)
    {
        var bounds = recorder.Listed.Select(camera => RecordingInformation.Bounds(recorder, camera, "GetRecordingSummary")).OfType<(DateTime From, DateTime To)>().ToList();
        return new(Search + "GetRecordingSummaryResponse", new XElement(Search + "Summary",
            new XElement(Schema + "DataFrom", recorder.Clock.Text(bounds.Select(bound => bound.From).DefaultIfEmpty(recorder.Clock.ToldNow).Min())),
            new XElement(Schema + "DataUntil", recorder.Clock.Text(bounds.Select(bound => bound.To).DefaultIfEmpty(recorder.Clock.ToldNow).Max())),
            new XElement(Schema + "NumberRecordings", recorder.Listed.Count())));
    }
}
