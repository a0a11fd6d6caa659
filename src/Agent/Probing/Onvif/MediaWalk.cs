using Agent.Evidence.Timelines;

namespace Agent.Probing.Onvif;

/// <summary>
/// What a recorder has of a recording, found by asking for single instants (GetMediaAttributes), newest first: each answer tells how far
/// the footage around the instant reaches. Between two instants without footage nobody has looked; only where they lie close together
/// that is a gap.
/// </summary>
internal sealed class MediaWalk(SoapClient client, string path, TimeSpan share, TimeProvider time)
{
    const int MostQuestions = 5000;

    // So many questions at this distance show a hole longer than a day may lose; then they are set wider and wider.
    const int CloseQuestions = 31;

    static readonly TimeSpan Close = TimeSpan.FromMinutes(1);
    static readonly TimeSpan JustBefore = TimeSpan.FromSeconds(1);

    /// <summary>The history of a recording; a failure leaves what was not told unknown.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="asked">The time asked about, on the recorder's clock.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(TrackHistory History, SoapFailure? Failure)> OfAsync(StoredRecording recording, TimeRange asked, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var (recorded, unseen) = (new List<TimeRange>(), new List<TimeRange>());
        // At this point and after each round: what lies at or after "settled" is known or in "unseen".
        var (settled, step, empty) = (asked.To, JustBefore, 0);
        SoapFailure? failure = null;
        for (var questions = 0; settled > asked.From; questions++)
        {
            if (questions == MostQuestions || time.GetElapsedTime(began) > share)
                failure = new SoapFailure(ProblemCode.SearchUnfinished, $"it was asked {questions} times and had not told all of its footage");
            var at = settled - asked.From > step ? settled - step : asked.From;
            var (answer, refused) = failure is null ? await AskAsync(recording.Token, at, cancel) : (null, failure);
            if (refused is not null)
            {
                failure = refused;
                unseen.Add(new TimeRange(asked.From, settled));
                break;
            }

            if (answer?.Span is { } found)
            {
                var end = found.To < settled ? found.To : settled;
                if (step > Close)
                    unseen.Add(new TimeRange(end, settled));
                recorded.Add(new TimeRange(found.From, end));
                (settled, step, empty) = (found.From, JustBefore, 0);
                continue;
            }

            // An answer about another time says nothing of this one, unless it is what comes next, as some answer where there is nothing.
            if (step > Close || (answer?.Elsewhere is { } other && other != settled))
                unseen.Add(new TimeRange(at, settled));
            settled = at;
            step = ++empty < CloseQuestions ? Close : 2 * step;
        }

        // Where it never told of any footage, its silence about an instant means nothing either: some answer so because they cannot.
        var inside = RangeSet.Of(recorded).Clip(asked);
        if (inside.Count == 0)
            return (TrackHistory.Unknown(asked), failure);
        return (new TrackHistory(inside, RangeSet.Of(unseen).Except(inside), recorded.Count), failure);
    }

    async Task<(MediaAnswer? Answer, SoapFailure? Failure)> AskAsync(string recording, DateTimeOffset at, CancellationToken cancel)
    {
        var reply = await client.AskAsync(path, new SoapCall(OnvifNames.Search, "GetMediaAttributes", xml =>
        {
            xml.WriteElementString("RecordingTokens", OnvifNames.Search, recording);
            xml.WriteElementString("Time", OnvifNames.Search, OnvifTime.Text(at));
        }), cancel);
        return reply.Succeeded(out var answer, out var failure) ? (MediaAnswer.Of(answer, recording, at), null) : (null, failure);
    }
}
