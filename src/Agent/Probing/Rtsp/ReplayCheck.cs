using Agent.Evidence.Timelines;

namespace Agent.Probing.Rtsp;

/// <summary>
/// What footage a recorder can really play (ONVIF Profile G replay). One for each recorder: it never holds more than one session there.
/// </summary>
/// <param name="access">How the recorder may be spoken to. Its deadline is that of a whole look.</param>
/// <param name="time">Measures every wait.</param>
internal sealed class ReplayCheck(RtspAccess access, TimeProvider time) : IDisposable
{
    // Recorders have few sessions, and some only one.
    readonly SemaphoreSlim _turn = new(1);

    /// <summary>Which footage there is in a range, to the picture; of long ranges it reads the key pictures, and every one only at the edges of gaps.</summary>
    public Task<ReplayAnswer> AskAsync(Uri replay, TimeRange range, CancellationToken cancel) => LookAsync(replay, async (look, answer) =>
    {
        var walk = new FootageWalk(look);
        return await SettledAsync(() => walk.LookAsync(range), failed => answer with
        {
            Recorded = walk.Recorded(range),
            Looked = walk.Looked(range),
            Resolution = walk.Resolution,
            First = walk.Recorded(range) is [var oldest, ..] ? oldest.From : null,
            Failure = failed?.Failure,
            Message = failed?.Message,
        });
    }, cancel);

    /// <summary>The first footage at or after an instant. That it lies much later proves a gap up to it.</summary>
    public Task<ReplayAnswer> FirstAsync(Uri replay, DateTimeOffset instant, CancellationToken cancel) => LookAsync(replay, async (look, answer) =>
    {
        DateTimeOffset? first = null;
        return await SettledAsync(async () =>
        {
            (first, var end) = await look.FirstAsync(instant);
            return end;
        }, failed => answer with { First = first, Failure = failed?.Failure, Message = failed?.Message });
    }, cancel);

    /// <summary>Which footage there is in a long window, by looking once in every step; finds the oldest, and every gap of a step or more.</summary>
    public Task<ReplayAnswer> SurveyAsync(Uri replay, TimeRange window, TimeSpan step, CancellationToken cancel) => LookAsync(replay, async (look, answer) =>
    {
        var survey = new FootageSurvey(look, step);
        return await SettledAsync(() => survey.LookAsync(window), failed => answer with
        {
            Recorded = survey.Recorded(window),
            SteppedOver = survey.SteppedOver(window),
            Looked = survey.Looked(window),
            Resolution = step,
            First = survey.Recorded(window) is [var oldest, ..] ? oldest.From : null,
            Failure = failed?.Failure,
            Message = failed?.Message,
        });
    }, cancel);

    public void Dispose() => _turn.Dispose();

    async Task<ReplayAnswer> LookAsync(Uri replay, Func<ReplayLook, ReplayAnswer, Task<ReplayAnswer>> ask, CancellationToken cancel)
    {
        if (RtspAddress.Of(replay) is not { } address)
            return new ReplayAnswer { Failure = RtspFailure.NotSupported, Message = "its address is not one of RTSP" };
        await _turn.WaitAsync(cancel);
        try
        {
            var look = new ReplayLook(address, access, time, cancel);
            await using (look)
            {
                var answer = await ask(look, new ReplayAnswer());
                return answer with { Plays = look.Plays, Sessions = look.Sessions, Claimed = look.Description?.Claimed };
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    static async Task<ReplayAnswer> SettledAsync(Func<Task<PlayEnd>> look, Func<RtspFailedException?, ReplayAnswer> answer)
    {
        try
        {
            return await look() switch
            {
                PlayEnd.Silent => answer(new RtspFailedException(RtspFailure.TimedOut, "it stopped sending, and did not say that it was done")) with { FellSilent = true },
                PlayEnd.OutOfRange => answer(new RtspFailedException(RtspFailure.OutOfRange, "it does not play from there")),
                _ => answer(null),
            };
        }
        catch (RtspFailedException e)
        {
            return answer(e);
        }
    }
}
