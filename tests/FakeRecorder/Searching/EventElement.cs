using System.Xml.Linq;
using FakeRecorder.Answers;
using static FakeRecorder.Soap.Namespaces;

namespace FakeRecorder.Searching;

/// <summary>An event as a search result.</summary>
internal static class EventElement
{
    public static XElement Of(Recorder recorder, HistoryEvent found)
    {
        var isNonsense = recorder.Has(Fault.NonsenseTimes, "GetEventSearchResults") || (recorder.Has(Fault.SomeNonsenseTimes, "GetEventSearchResults") && IsDaysAgo(recorder, found));
        var time = isNonsense ? "2026-02-31T25:61:00Z" : recorder.Clock.Text(found.At);
        var topic = $"{recorder.Writer.Prefix(Topics)}:{found.Topic}";
        return new(Schema + "Result",
            new XElement(Schema + "RecordingToken", found.Recording),
            new XElement(Schema + "TrackToken", found.Track),
            new XElement(Schema + "Time", time),
            new XElement(Schema + "Event",
                new XElement(Notification + "Topic", new XAttribute("Dialect", recorder.Quirks.Dialect), recorder.Writer.Declaration(Topics), recorder.Quirks.PadsTopics ? $"\r\n      {topic}\r\n    " : topic),
                new XElement(Notification + "Message", new XElement(Schema + "Message",
                    new XAttribute("UtcTime", time), new XAttribute("PropertyOperation", found.IsStartState ? "Initialized" : "Changed"),
                    new XElement(Schema + "Source",
                        Item(recorder, "RecordingToken", found.Recording),
                        found.Track.Length > 0 ? Item(recorder, "Track", found.Track) : null),
                    new XElement(Schema + "Data", Item(recorder, found.Item, found.Value))))),
            new XElement(Schema + "StartStateEvent", found.IsStartState));
    }

    static bool IsDaysAgo(Recorder recorder, HistoryEvent found) =>
        !found.IsStartState && recorder.Clock.ToldNow - found.At is var age && age > TimeSpan.FromDays(1.5) && age < TimeSpan.FromDays(3.5);

    static XElement Item(Recorder recorder, string name, string value) => recorder.Quirks.ValueBeforeName
        ? new(Schema + "SimpleItem", new XAttribute("Value", value), new XAttribute("Name", name))
        : new(Schema + "SimpleItem", new XAttribute("Name", name), new XAttribute("Value", value));
}
