namespace Agent.Probing.Rtsp;

/// <summary>One replay session of one recorder (ONVIF Streaming Specification, 6): played from instant to instant, read for times only.</summary>
internal sealed class ReplaySession : IAsyncDisposable
{
    // A picture of a large camera has some hundred packets, and only its first must carry the time.
    const int MostPacketsWithoutTime = 4000;

    readonly RtspClient _client;
    readonly HashSet<byte> _earlierPlays = [];

    byte _play;
    int _withoutTime;

    ReplaySession(RtspClient client, SessionDescription description) => (_client, Description) = (client, description);

    public SessionDescription Description { get; }

    /// <summary>Whether it can be played again; if not, only another session can.</summary>
    public bool IsUsable => _client.IsUsable;

    /// <summary>The last picture read said that it is the last of what was asked for.</summary>
    public bool SawTerminal { get; private set; }

    /// <exception cref="RtspFailedException">It cannot be played.</exception>
    public static async Task<ReplaySession> OpenAsync(RtspAddress address, RtspAccess access, TimeProvider time, CancellationToken cancel)
    {
#pragma warning disable CA2000 // The session owns the client, and where there is no session it is disposed of.
        var client = await RtspClient.ConnectAsync(address, access, time, cancel);
#pragma warning restore CA2000
        try
        {
            var description = await client.DescribeAsync();
            var video = description.Media.FirstOrDefault(medium => medium.IsVideo) ?? throw new RtspFailedException(RtspFailure.NoVideo, "there is no video in it");
            await client.SetupAsync(video, RtspClient.Replay);
            return new ReplaySession(client, description);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Plays from an instant on, without end, as fast as the recorder can.</summary>
    /// <param name="frames">Such as "intra"; null for every picture.</param>
    /// <exception cref="RtspFailedException">It does not play.</exception>
    public async Task PlayAsync(DateTimeOffset from, string? frames)
    {
        (SawTerminal, _withoutTime) = (false, 0);
        List<(string, string)> fields = [("Require", RtspClient.Replay), ("Rate-Control", "no")];
        if (frames is not null)
            fields.Add(("Frames", frames));
        await _client.PlayAsync(ClockRange.Text(from, null), [.. fields]);
        _play = (byte)_client.CSeq;
        _earlierPlays.Remove(_play);
    }

    /// <summary>Stops what is played, so that something else can be.</summary>
    public Task PauseAsync()
    {
        _earlierPlays.Add(_play);
        return _client.PauseAsync();
    }

    /// <summary>When the next picture was taken; null when it has sent the last.</summary>
    /// <exception cref="RtspFailedException">Nothing came, or nothing that tells a time.</exception>
    public async ValueTask<ReplayStamp?> NextAsync()
    {
        while (!SawTerminal)
        {
            if (await _client.NextPacketAsync() is not { } packet)
                return null;
            if (packet.Stamp is { } stamp)
            {
                // Still on its way from a play before this one; where nobody fills the number in, it is zero.
                if (stamp.PlayedBy != _play && _earlierPlays.Contains(stamp.PlayedBy) && stamp.PlayedBy != 0)
                    continue;
                (SawTerminal, _withoutTime) = (stamp.IsTerminal, 0);
                return stamp;
            }
            if (++_withoutTime == MostPacketsWithoutTime)
                throw new RtspFailedException(RtspFailure.NoTimes, "its pictures do not say when they were taken");
        }
        return null;
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
