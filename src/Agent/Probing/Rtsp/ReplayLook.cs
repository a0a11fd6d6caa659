namespace Agent.Probing.Rtsp;

/// <summary>
/// Plays a recording as often as a look needs, over one session at a time. A recorder that cannot pause and play on gets a new session
/// for every play; plays and sessions are limited together, as recorders have few.
/// </summary>
internal sealed class ReplayLook(RtspAddress address, RtspAccess access, TimeProvider time, CancellationToken cancel) : IAsyncDisposable
{
    /// <summary>Enough for a month in quarters of an hour and some hundred gaps.</summary>
    public const int MostPlays = 5000;

    const int MostSessions = 200;
    const int MostStamps = 500_000;

    // What a picture's time may lie before the instant that was asked for, by rounding.
    static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    readonly long _begun = time.GetTimestamp();

    ReplaySession? _session;
    bool _isPlaying;
    bool _cannotPause;

    public int Plays { get; private set; }

    public int Sessions { get; private set; }

    public SessionDescription? Description { get; private set; }

    /// <summary>The first picture at or after an instant; null when none was delivered.</summary>
    public async Task<(DateTimeOffset? First, PlayEnd End)> FirstAsync(DateTimeOffset instant)
    {
        DateTimeOffset? first = null;
        var end = await ReadAsync(instant, instant, null, stamp => first = stamp.Time);
        return end == PlayEnd.Reached ? (first, end) : (null, end);
    }

    /// <summary>Every picture from an instant on, until one at or after another.</summary>
    /// <param name="frames">Such as "intra"; null for every picture.</param>
    /// <param name="seen">Takes each, the last included.</param>
    public async Task<PlayEnd> ReadAsync(DateTimeOffset from, DateTimeOffset to, string? frames, Action<ReplayStamp> seen)
    {
        try
        {
            await PlayAsync(from, frames);
            for (var count = 0; await _session!.NextAsync() is { } stamp; count++)
            {
                if (count == MostStamps)
                    throw new RtspFailedException(RtspFailure.TooMuch, "it sends more pictures than we count");
                seen(stamp);
                if (stamp.Time >= to - Rounding)
                    return PlayEnd.Reached;
            }
            return _session.SawTerminal ? PlayEnd.Terminal : PlayEnd.Silent;
        }
        catch (RtspFailedException e) when (e.Failure == RtspFailure.OutOfRange)
        {
            return PlayEnd.OutOfRange;
        }
        catch (RtspFailedException e) when (e.Failure is RtspFailure.TimedOut or RtspFailure.Ended && _isPlaying)
        {
            return PlayEnd.Silent;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync();
        _session = null;
    }

    async Task PlayAsync(DateTimeOffset from, string? frames)
    {
        if (++Plays > MostPlays)
            throw new RtspFailedException(RtspFailure.TooMuch, $"a look takes at most {MostPlays} plays");
        var left = access.Deadline - time.GetElapsedTime(_begun);
        if (left <= TimeSpan.Zero)
            throw new RtspFailedException(RtspFailure.TimedOut, $"the look took longer than {access.Deadline.TotalSeconds:0.#} s");
        await StopAsync();
        if (_session is null)
        {
            if (++Sessions > MostSessions)
                throw new RtspFailedException(RtspFailure.TooMuch, $"a look takes at most {MostSessions} sessions");
            _session = await ReplaySession.OpenAsync(address, access with { Deadline = left }, time, cancel);
            Description = _session.Description;
        }
        await _session.PlayAsync(from, frames);
        _isPlaying = true;
    }

    /// <summary>Leaves a session that can be played, or none.</summary>
    async Task StopAsync()
    {
        if (_session is not { } session)
            return;
        var wasPlaying = _isPlaying;
        _isPlaying = false;
        if (session.IsUsable && !wasPlaying)
            return;
        if (session.IsUsable && !_cannotPause)
            try
            {
                await session.PauseAsync();
                return;
            }
            catch (RtspFailedException)
            {
                _cannotPause = true;
            }
        await DisposeAsync();
    }
}
