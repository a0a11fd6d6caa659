using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Agent.Probing.Rtsp;

/// <summary>One TCP connection to the one configured place: requests, their replies, and the packets that come between.</summary>
/// <param name="address">Where.</param>
/// <param name="access">How.</param>
/// <param name="time">Measures every wait.</param>
/// <param name="cancel">Ends everything but a farewell.</param>
internal sealed class RtspConnection(RtspAddress address, RtspAccess access, TimeProvider time, CancellationToken cancel) : IDisposable
{
    // What may come before the reply to PLAY does. More is a peer that does not listen.
    const int MostKeptBytes = 8 * 1024 * 1024;
    const int MostKeptFrames = 8192;

    // A few minutes of pictures, and little enough for a machine that has other work.
    const long MostBytes = 512L * 1024 * 1024;

    // One for a nonce that is too old, one for the first answer, one for an answer that was too late even then.
    const int MostChallenges = 3;

    readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly CancellationTokenSource _deadline = new(access.Deadline, time);
    readonly RtspSignIn _signIn = new(access);
    readonly Queue<InterleavedFrame> _kept = new();

    NetworkStream? _stream;
    RtspReader? _reader;
    int _keptBytes;

    /// <summary>Number of the newest request.</summary>
    public int CSeq { get; private set; }

    /// <summary>The session of the recorder, once it named one; goes with every request.</summary>
    public string? Session { get; set; }

    /// <summary>False before the connection, after it, and after a wait that ended inside a message: nothing more can be understood then.</summary>
    public bool IsUsable { get; private set; }

    /// <exception cref="RtspFailedException">Nobody is there, or nobody answers.</exception>
    public async Task OpenAsync()
    {
        await WithinPatienceAsync("connecting", async stop =>
        {
            try
            {
                await _socket.ConnectAsync(address.Host, address.Port, stop);
            }
            catch (SocketException e)
            {
                throw new RtspFailedException(RtspFailure.Unreachable, $"nobody answers there ({e.SocketErrorCode})");
            }
            return true;
        });
        _stream = new NetworkStream(_socket, ownsSocket: false);
        _reader = new RtspReader(_stream);
        IsUsable = true;
    }

    /// <summary>Asks, signs in when that is asked for, and returns the reply, whatever its status but 401.</summary>
    /// <param name="keepsFrames">Packets that come before the reply are to be read after it; otherwise they are of an earlier request, and dropped.</param>
    /// <exception cref="RtspFailedException">There is no reply, or no way to sign in.</exception>
    public async Task<RtspReply> AskAsync(string method, string url, IEnumerable<(string Name, string Value)> fields, bool keepsFrames = false)
    {
        DropFrames();
        var asked = fields.ToList();
        for (var challenges = 0; ; challenges++)
        {
            var authorization = _signIn.Authorization(method, url);
            var reply = await WithinPatienceAsync(method, stop => ExchangeAsync(method, url, asked, authorization, keepsFrames, stop));
            if (reply.Status != 401)
                return reply;
            if (challenges == MostChallenges)
                throw new RtspFailedException(RtspFailure.RefusedLogin, "it never takes an answer for fresh");
            _signIn.Take(reply, answered: authorization is not null && challenges > 0);
        }
    }

    /// <summary>The next packet, of whatever channel.</summary>
    /// <exception cref="RtspFailedException">None came.</exception>
    public async ValueTask<InterleavedFrame> NextFrameAsync()
    {
        if (_kept.TryDequeue(out var kept))
        {
            _keptBytes -= kept.Content.Length;
            return kept;
        }
        return await WithinPatienceAsync("the next packet", async stop =>
        {
            while (true)
                if ((await ReadAsync(stop)).Frame is { } frame)
                    return frame;
        });
    }

    public void DropFrames()
    {
        _kept.Clear();
        _keptBytes = 0;
    }

    public void Dispose()
    {
        IsUsable = false;
        _stream?.Dispose();
        _socket.Dispose();
        _deadline.Dispose();
    }

    /// <summary>A last request that nothing holds up for long, not even that we are to stop.</summary>
    public async Task FarewellAsync(string method, string url, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within, time);
        try
        {
            await ExchangeAsync(method, url, [], _signIn.Authorization(method, url), keepsFrames: false, limit.Token);
        }
        catch (Exception e) when (e is RtspFailedException or OperationCanceledException or IOException)
        {
            // The recorder forgets the session by itself then; there is nobody left to tell.
        }
        IsUsable = false;
    }

    async Task<RtspReply> ExchangeAsync(string method, string url, List<(string Name, string Value)> fields, string? authorization, bool keepsFrames, CancellationToken stop)
    {
        await WriteAsync(method, url, fields, authorization, stop);
        while (true)
        {
            var message = await ReadAsync(stop);
            if (message.Frame is { } frame && keepsFrames)
                Keep(frame);
            else if (message.Reply is { Status: >= 200 } reply && Answers(reply))
                return reply;
        }
    }

    async Task WriteAsync(string method, string url, List<(string Name, string Value)> fields, string? authorization, CancellationToken stop)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {url} RTSP/1.0\r\nCSeq: {++CSeq}\r\nUser-Agent: retention-agent\r\n");
        if (Session is not null)
            request.Append(CultureInfo.InvariantCulture, $"Session: {Session}\r\n");
        foreach (var (name, value) in fields)
            request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (authorization is not null)
            request.Append(CultureInfo.InvariantCulture, $"Authorization: {authorization}\r\n");
        try
        {
            await _stream!.WriteAsync(Encoding.Latin1.GetBytes(request.Append("\r\n").ToString()), stop);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            IsUsable = false;
            throw new RtspFailedException(RtspFailure.Ended, "it broke the connection off");
        }
    }

    async ValueTask<RtspMessage> ReadAsync(CancellationToken stop)
    {
        if (_reader!.BytesRead > MostBytes)
            throw new RtspFailedException(RtspFailure.TooMuch, $"it sends more than {MostBytes} bytes");
        try
        {
            var message = await _reader.NextAsync(stop);
            return message.Method != "REDIRECT" ? message : throw new RtspFailedException(RtspFailure.Redirected, "it points to another place, and nobody goes there");
        }
        catch (OperationCanceledException)
        {
            IsUsable &= _reader.IsBetweenMessages;
            throw;
        }
        catch (RtspFailedException)
        {
            IsUsable = false;
            throw;
        }
    }

    // Some number the reply to a request they refuse one higher or lower. Requests are never sent ahead, so that nothing else can be meant.
    bool Answers(RtspReply reply) => reply.CSeq is not { } number || number == CSeq || reply.Status == 401 && Math.Abs(number - CSeq) == 1;

    void Keep(InterleavedFrame frame)
    {
        _keptBytes += frame.Content.Length;
        if (_keptBytes > MostKeptBytes || _kept.Count == MostKeptFrames)
            throw new RtspFailedException(RtspFailure.TooMuch, "it sends without end before it answers");
        _kept.Enqueue(frame);
    }

    async Task<T> WithinPatienceAsync<T>(string what, Func<CancellationToken, Task<T>> step)
    {
        using var patience = new CancellationTokenSource(access.Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _deadline.Token, cancel);
        try
        {
            return await step(stop.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new RtspFailedException(RtspFailure.TimedOut, _deadline.IsCancellationRequested
                ? $"the look took longer than {access.Deadline.TotalSeconds:0.#} s"
                : $"{what}: no answer within {access.Patience.TotalSeconds:0.#} s");
        }
    }
}
