using System.Globalization;

namespace Agent.Probing.Rtsp;

/// <summary>
/// One presentation of one recorder, over one connection (RFC 2326, RTP interleaved): described, set up, played, paused and, however
/// it ends, torn down.
/// </summary>
internal sealed class RtspClient : IAsyncDisposable
{
    /// <summary>What a recorder must know for its pictures to carry their time (ONVIF Streaming Specification, 6.3).</summary>
    public const string Replay = "onvif-replay";

    const int LongestSession = 256;

    // A farewell is a courtesy; recorders forget a session after a minute at the latest.
    static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    readonly RtspAddress _address;
    readonly RtspConnection _connection;

    string _whole;
    byte _rtpChannel;
    bool _isSetUp;

    RtspClient(RtspAddress address, RtspConnection connection) => (_address, _connection, _whole) = (address, connection, address.Url);

    /// <summary>Number of the newest request.</summary>
    public int CSeq => _connection.CSeq;

    /// <summary>Whether another request makes sense.</summary>
    public bool IsUsable => _connection.IsUsable;

    /// <exception cref="RtspFailedException">Nobody is there, or nobody answers.</exception>
    public static async Task<RtspClient> ConnectAsync(RtspAddress address, RtspAccess access, TimeProvider time, CancellationToken cancel)
    {
#pragma warning disable CA2000 // The client owns the connection, and where there is no client it is disposed of.
        var connection = new RtspConnection(address, access, time, cancel);
#pragma warning restore CA2000
        try
        {
            await connection.OpenAsync();
            return new RtspClient(address, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Which methods it says it knows, in upper case; empty when it does not say.</summary>
    public async Task<IReadOnlyList<string>> OptionsAsync()
    {
        var reply = await AskAsync("OPTIONS", _address.Url, []);
        return [.. (reply.Field("Public") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(method => method.ToUpperInvariant())];
    }

    public async Task<SessionDescription> DescribeAsync()
    {
        var reply = await AskAsync("DESCRIBE", _address.Url, [("Accept", "application/sdp")]);
        var description = SessionDescription.Read(reply.Body);
        var origin = reply.Field("Content-Base") ?? reply.Field("Content-Location");
        _whole = _address.Resolve((origin is null ? null : _address.OnThisHost(origin)) ?? _address.Url, description.Control);
        return description;
    }

    /// <summary>Asks for one medium, as packets on this connection.</summary>
    /// <param name="require">What the recorder must know for that; null for nothing special.</param>
    public async Task SetupAsync(MediaDescription medium, string? require = null)
    {
        var reply = await AskAsync("SETUP", _address.Resolve(_whole, medium.Control), [("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"), .. Requires(require)]);
        if (reply.Field("Session")?.Split(';')[0].Trim() is not { Length: > 0 and <= LongestSession } session || session.Any(character => character is <= ' ' or > '~'))
            throw new RtspFailedException(RtspFailure.NotRtsp, "it sets up without a session");
        _connection.Session = session;
        _isSetUp = true;
        _rtpChannel = Channel(reply.Field("Transport"));
    }

    /// <summary>Starts, or after a pause goes on elsewhere.</summary>
    /// <param name="range">Such as <c>clock=20261101T000000Z-</c>.</param>
    /// <param name="fields">What replay needs beside it.</param>
    public Task PlayAsync(string range, params (string Name, string Value)[] fields) =>
        AskAsync("PLAY", _whole, [("Range", range), .. fields], keepsFrames: true);

    /// <summary>Stops, and forgets what is still on its way.</summary>
    public Task PauseAsync() => AskAsync("PAUSE", _whole, []);

    /// <summary>The next packet of the medium; null when the recorder says that there are no more.</summary>
    /// <exception cref="RtspFailedException">None came.</exception>
    public async ValueTask<RtpPacket?> NextPacketAsync()
    {
        while (true)
        {
            var frame = await _connection.NextFrameAsync();
            if (frame.Channel == _rtpChannel && RtpPacket.Read(frame.Content) is { } packet)
                return packet;
            if (frame.Channel == _rtpChannel + 1 && RtcpPacket.SaysGoodbye(frame.Content.Span))
                return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isSetUp && _connection.IsUsable)
            await _connection.FarewellAsync("TEARDOWN", _whole, FarewellPatience);
        _connection.Dispose();
    }

    async Task<RtspReply> AskAsync(string method, string url, IEnumerable<(string Name, string Value)> fields, bool keepsFrames = false)
    {
        var reply = await _connection.AskAsync(method, url, fields, keepsFrames);
        return reply.Status / 100 == 2 ? reply : throw new RtspFailedException(FailureOf(reply.Status), $"it refuses {method} ({reply.Status})");
    }

    static RtspFailure FailureOf(int status) => status switch
    {
        >= 300 and < 400 => RtspFailure.Redirected,
        404 => RtspFailure.NotFound,
        454 => RtspFailure.Ended,
        457 => RtspFailure.OutOfRange,
        405 or 461 or 501 or 505 or 551 => RtspFailure.NotSupported,
        _ => RtspFailure.Refused,
    };

    static IEnumerable<(string, string)> Requires(string? what) => what is null ? [] : [("Require", what)];

    /// <summary>The channel the recorder chose; ours unless it says otherwise.</summary>
    static byte Channel(string? transport)
    {
        var parts = (transport ?? "").Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].Contains("TCP", StringComparison.OrdinalIgnoreCase) && transport is not null)
            throw new RtspFailedException(RtspFailure.NotSupported, "it does not send over the same connection");
        var chosen = parts.FirstOrDefault(part => part.StartsWith("interleaved=", StringComparison.OrdinalIgnoreCase))?["interleaved=".Length..].Split('-')[0];
        return byte.TryParse(chosen, NumberStyles.None, CultureInfo.InvariantCulture, out var channel) ? channel : (byte)0;
    }
}
