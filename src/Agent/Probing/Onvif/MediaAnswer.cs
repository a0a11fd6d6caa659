using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>What GetMediaAttributes tells of one instant; with neither, that there is nothing.</summary>
/// <param name="Span">The footage around it.</param>
/// <param name="Elsewhere">Where the footage begins that it tells of instead, or of which it tells no length.</param>
internal readonly record struct MediaAnswer(TimeRange? Span, DateTimeOffset? Elsewhere)
{
    /// <summary>Reads an answer. A captured one told of a span that did not hold the instant it was asked about.</summary>
    public static MediaAnswer Of(SoapElement answer, string recording, DateTimeOffset at)
    {
        DateTimeOffset? elsewhere = null;
        foreach (var attributes in answer.All("MediaAttributes").Where(a => (a.TextAt("RecordingToken") ?? recording) == recording))
        {
            var (from, until) = (OnvifTime.Plausible(attributes.TextAt("From")), OnvifTime.Plausible(attributes.TextAt("Until")));
            if (from <= at && at < until)
                return new MediaAnswer(new TimeRange(from.Value, until.Value), null);
            // What cannot be read is about another time as well.
            elsewhere ??= from ?? DateTimeOffset.MinValue;
        }

        return new MediaAnswer(null, elsewhere);
    }
}
