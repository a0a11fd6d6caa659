using Agent.Evidence.Timelines;
using Agent.Probing.Rtsp;

namespace Agent.Probing.Onvif;

/// <summary>
/// What a recorder plays of a recording, newest first, as far as the time goes: the last resort where it lists nothing. It proves
/// holes, and footage around them; what was stepped over between two instants is unknown.
/// </summary>
internal sealed class ReplayHistory(ReplayAddresses addresses, ReplayCheck check, TimeSpan share, TimeProvider time)
{
    // A third of what a day may lose.
    static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    static readonly TimeSpan AtOnce = TimeSpan.FromDays(1);

    // Nobody is there, or lets us in: not for the next recording either.
    SoapFailure? _away;

    /// <summary>The history of a recording; a failure leaves what was not seen unknown.</summary>
    public async Task<(TrackHistory History, SoapFailure? Failure)> OfAsync(StoredRecording recording, TimeRange asked, CancellationToken cancel)
    {
        if (_away is not null)
            return (TrackHistory.Unknown(asked), _away);
        var began = time.GetTimestamp();
        if (await addresses.OfAsync(recording.Token, cancel) is not { } address)
            return (TrackHistory.Unknown(asked), new SoapFailure(ProblemCode.RecorderFault, "it names no address of its own at which the recording can be played"));
        var (recorded, looked, stepped, failure) = (RangeSet.Empty, RangeSet.Empty, RangeSet.Empty, (SoapFailure?)null);
        for (var to = asked.To; to > asked.From && failure is null; to -= AtOnce)
        {
            if (time.GetElapsedTime(began) > share)
                failure = new SoapFailure(ProblemCode.SearchUnfinished, "the time was over before all of its footage had been played");
            else
            {
                var answer = await check.SurveyAsync(address, new TimeRange(to - asked.From > AtOnce ? to - AtOnce : asked.From, to), Step, cancel);
                (recorded, looked, stepped) = (recorded.Union(answer.Recorded), looked.Union(answer.Looked), stepped.Union(answer.SteppedOver));
                // The newest footage of a recorder that goes on ends in silence: what is older can be played all the same.
                var isNewest = answer.FellSilent && to == asked.To;
                failure = isNewest ? null : FailureOf(answer);
                if (!isNewest && answer.Failure is RtspFailure.Unreachable or RtspFailure.TimedOut or RtspFailure.RefusedLogin or RtspFailure.WantsBasic && recorded.Count == 0)
                    _away = failure;
            }
        }

        // A day ends with its last picture, and the next begins with its first.
        recorded = RangeSet.Of(recorded, TimelineBuilder.Join);
        // Where it played nothing at all, its silence proves nothing either.
        if (recorded.Count == 0)
            return (TrackHistory.Unknown(asked), failure);
        var seen = recorded.Except(stepped).Clip(asked);
        return (new TrackHistory(seen, looked.Union(recorded).Complement(asked).Union(stepped.Clip(asked)), recorded.Count), failure ?? new SoapFailure(
            ProblemCode.OnlyInstants, FormattableString.Invariant($"it was played every {Step.TotalMinutes:0} min, and what lies between two instants was not seen")));
    }

    static SoapFailure? FailureOf(ReplayAnswer answer) => answer.Failure is not { } failure ? null : new SoapFailure(failure switch
    {
        RtspFailure.TimedOut => ProblemCode.RecorderTimedOut,
        RtspFailure.RefusedLogin => ProblemCode.LoginRefused,
        RtspFailure.WantsBasic => ProblemCode.WantsBasic,
        RtspFailure.Redirected => ProblemCode.RecorderRedirects,
        RtspFailure.TooMuch => ProblemCode.ReplyTooLarge,
        _ => ProblemCode.RecorderFault,
    }, $"at its replay, {answer.Message}");
}
