namespace Agent.Probing.Onvif;

/// <summary>
/// Footage of a track begins or ends (topic <c>tns1:RecordingHistory/Track/State</c>, ONVIF Recording Search, "Recording event descriptions").
/// </summary>
/// <param name="Recording">Token of the recording; empty when it was not said.</param>
/// <param name="Track">Token of the track; empty when it was not said.</param>
/// <param name="Time">On the recorder's clock.</param>
/// <param name="IsPresent">From then on there is footage.</param>
/// <param name="IsStartState">No event: how things stood where the search began.</param>
internal readonly record struct TrackEvent(string Recording, string Track, DateTimeOffset Time, bool IsPresent, bool IsStartState)
{
    /// <summary>Reads one result of a search; null for results that speak of something else, which come mixed in.</summary>
    public static TrackEvent? Of(SoapElement result)
    {
        if (result.Everything().FirstOrDefault(e => e.Name == "Topic") is { Text.Length: > 0 } topic && !IsTrackState(topic.Text))
            return null;
        if (Item(result, "IsDataPresent") is not { } present || IsTrue(present) is not { } isPresent)
            return null;
        var message = result.Everything().FirstOrDefault(e => e.Name == "Message" && e.Attribute("UtcTime") is not null);
        if ((OnvifTime.Parse(result.TextAt("Time")) ?? OnvifTime.Parse(message?.Attribute("UtcTime"))) is not { } time)
            return null;
        return new TrackEvent(
            result.TextAt("RecordingToken") ?? Item(result, "RecordingToken") ?? "",
            result.TextAt("TrackToken") ?? Item(result, "Track") ?? Item(result, "TrackToken") ?? "",
            time, isPresent, IsTrue(result.TextAt("StartStateEvent") ?? "") == true);
    }

    /// <summary>Whether a result tells that footage begins or ends, and not what or when: then it is not known what lies around it.</summary>
    public static bool IsGarbled(SoapElement result) =>
        result.Everything().FirstOrDefault(e => e.Name == "Topic") is { } topic && IsTrackState(topic.Text) && Of(result) is null;

    // Each step may have a prefix, and which ones differs.
    static bool IsTrackState(string topic)
    {
        var steps = topic.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(step => step[(step.LastIndexOf(':') + 1)..]).ToList();
        return steps is [.., "Track", "State"];
    }

    static string? Item(SoapElement result, string name) => result.Everything()
        .FirstOrDefault(e => e.Name == "SimpleItem" && string.Equals(e.Attribute("Name"), name, StringComparison.OrdinalIgnoreCase))?.Attribute("Value");

    static bool? IsTrue(string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };
}
