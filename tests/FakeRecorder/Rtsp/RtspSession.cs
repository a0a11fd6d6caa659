using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace FakeRecorder.Rtsp;

/// <summary>One connection to an RTSP recorder.</summary>
sealed class RtspSession(RtspScript script, Stream stream, int port, ConcurrentQueue<SeenRtsp> seen, CancellationToken stop) : IAsyncDisposable
{
    const int PicturesBeforeFault = 40;

    static readonly string[] ClockFormats = ["yyyyMMdd'T'HHmmss'Z'", "yyyyMMdd'T'HHmmss'.'FFFFFFF'Z'"];

    readonly SemaphoreSlim _writing = new(1);
    readonly RtspGate _gate = new(script);
    readonly Pictures _pictures = new(script);

    CancellationTokenSource? _pause;
    Task _playing = Task.CompletedTask;
    int _plays;

    public async Task ServeAsync()
    {
        while (await RequestAsync() is { } request)
        {
            seen.Enqueue(request);
            if (request.Method == script.FaultAt && await MisbehaveAsync(request))
                continue;
            if (_gate.Refusal(request) is { } refusal)
                await ReplyAsync(request, "401 Unauthorized", [refusal], offBy: script.MiscountsRefusals ? 1 : 0);
            else
                await AnswerAsync(request);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _writing.Dispose();
    }

    Task AnswerAsync(SeenRtsp request)
    {
        var camera = new Uri(request.Url).Segments is [_, _, var segment, ..] ? segment.Trim('/') : "";
        var refusesReplay = script.Fault == RtspFault.RefusesReplay && request.Field("Require") is not null;
        return request.Method switch
        {
            "OPTIONS" => ReplyAsync(request, "200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN"]),
            "DESCRIBE" when script.Footage(camera).Count == 0 => ReplyAsync(request, "404 Not Found", []),
            "DESCRIBE" => ReplyAsync(request, "200 OK", [$"Content-Base: rtsp://127.0.0.1:{port}/replay/{camera}/", "Content-Type: application/sdp"], Describe(camera)),
            "SETUP" or "PLAY" when refusesReplay => ReplyAsync(request, "551 Option not supported", ["Unsupported: onvif-replay"]),
            "SETUP" => ReplyAsync(request, "200 OK", ["Session: 4711;timeout=60", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=55000000"]),
            "PLAY" => PlayAsync(request, camera),
            "PAUSE" when script.Fault == RtspFault.RefusesPause => ReplyAsync(request, "501 Not Implemented", []),
            "PAUSE" or "TEARDOWN" => StopAndReplyAsync(request),
            _ => ReplyAsync(request, "405 Method Not Allowed", []),
        };
    }

    string Describe(string camera)
    {
        var footage = script.Footage(camera);
        var control = script.Fault == RtspFault.ControlsElsewhere ? $"rtsp://{script.Elsewhere}/replay/{camera}/track1" : "track1";
        return "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=replay\r\nt=0 0\r\n"
            + (script.Fault == RtspFault.ControlsElsewhere ? $"a=control:rtsp://{script.Elsewhere}/replay/{camera}/\r\n" : "a=control:*\r\n")
            + (script.ClaimsRange ? $"a=range:clock={footage[0].From.UtcDateTime.ToString(ClockFormats[0], CultureInfo.InvariantCulture)}-\r\n" : "")
            + $"m=audio 0 RTP/AVP 0\r\na=control:audio\r\nm=video 0 RTP/AVP 96\r\na=control:{control}\r\na=rtpmap:96 H264/90000\r\n";
    }

    async Task StopAndReplyAsync(SeenRtsp request)
    {
        await StopAsync();
        await ReplyAsync(request, "200 OK", []);
    }

    async Task PlayAsync(SeenRtsp request, string camera)
    {
        await StopAsync();
        var range = request.Field("Range") ?? "";
        if (!range.StartsWith("clock=", StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(range["clock=".Length..].Split('-')[0], ClockFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from))
        {
            await ReplyAsync(request, "400 Bad Request", []);
            return;
        }
        if (script.Fault == RtspFault.RefusesBeforeOldest && from < script.Footage(camera)[0].From)
        {
            await ReplyAsync(request, "457 Invalid Range", []);
            return;
        }
        await ReplyAsync(request, "200 OK", [$"Range: {range}"]);
        _pause = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var play = script.TellsPlay ? unchecked((byte)long.Parse(request.Field("CSeq")!, CultureInfo.InvariantCulture)) : (byte)0;
        _playing = SendAsync(camera, from, request.Field("Frames"), play, ++_plays, _pause.Token);
    }

    async Task SendAsync(string camera, DateTimeOffset from, string? frames, byte play, int plays, CancellationToken pause)
    {
        await Task.Yield();
        var newest = script.Footage(camera)[^1].To;
        ushort number = 0;
        try
        {
            foreach (var picture in _pictures.From(camera, from, frames))
            {
                if (plays == 1 && number == PicturesBeforeFault && script.Fault is (RtspFault.StallsPlaying or RtspFault.HangsUpPlaying))
                {
                    if (script.Fault == RtspFault.HangsUpPlaying)
                        await stream.DisposeAsync();
                    return;
                }
                if (script.Fault == RtspFault.Garbage)
                    await WriteAsync([(byte)'$', 77, 0, 3, 1, 2, 3, (byte)'$', 0, 0, 2, 0x80, 0xE0, (byte)'$', 1, 0, 4, 0x81, 200, 0, 9, (byte)'$', 0, 0, 0], pause);
                var ends = picture.IsLast && script.Fault == RtspFault.EndsAtEveryPiece;
                var terminal = ends || script.TellsTerminal && picture.IsLast && newest - picture.Time < TimeSpan.FromSeconds(1);
                await WriteAsync(ReplayPacket.Of(picture, script, number++, terminal, play), pause);
                if (ends)
                    return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Paused, or hung up.
        }
    }

    async Task StopAsync()
    {
        if (_pause is { } pause)
            await pause.CancelAsync();
        await _playing;
        _pause?.Dispose();
        _pause = null;
    }

    /// <returns>False when the request is to be answered as if nothing were wrong.</returns>
    async Task<bool> MisbehaveAsync(SeenRtsp request)
    {
        var number = request.Field("CSeq");
        switch (script.Fault)
        {
            case RtspFault.Stall:
                return true;
            case RtspFault.HalfReply:
                await WriteAsync(Latin($"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Le"), stop);
                return true;
            case RtspFault.EndlessHead or RtspFault.EndlessLine:
                await WriteAsync(Latin($"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nX-A: "), stop);
                while (true)
                    await WriteAsync(Latin(script.Fault == RtspFault.EndlessLine ? new string('a', 500) : $"b\r\nX-{Guid.NewGuid():n}: "), stop);
            case RtspFault.EndlessBody:
                await WriteAsync(Latin($"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Length: 9999999999\r\n\r\n"), stop);
                while (true)
                    await WriteAsync(new byte[1000], stop);
            case RtspFault.NegativeBody:
                await WriteAsync(Latin($"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Length: -1\r\n\r\n"), stop);
                return true;
            case RtspFault.WrongCSeq:
                await WriteAsync(Latin($"RTSP/1.0 200 OK\r\nCSeq: 999\r\n\r\n"), stop);
                return true;
            case RtspFault.RedirectReply:
                await ReplyAsync(request, "302 Moved Temporarily", [$"Location: rtsp://{script.Elsewhere}/replay/a"]);
                return true;
            case RtspFault.RedirectRequest:
                await WriteAsync(Latin($"REDIRECT {request.Url} RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://{script.Elsewhere}/replay/a\r\n\r\n"), stop);
                return true;
            case RtspFault.AnswersHttp:
                await WriteAsync(Latin("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), stop);
                return true;
            case RtspFault.HangsUp:
                await stream.DisposeAsync();
                return true;
            default:
                return false;
        }
    }

    async Task<SeenRtsp?> RequestAsync()
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!(text.Length > 4 && text.ToString(text.Length - 4, 4) == "\r\n\r\n"))
        {
            if (await stream.ReadAsync(one, stop) == 0)
                return null;
            text.Append((char)one[0]);
        }
        return new SeenRtsp(text.ToString());
    }

    Task ReplyAsync(SeenRtsp request, string status, IReadOnlyList<string> fields, string body = "", int offBy = 0)
    {
        var number = long.Parse(request.Field("CSeq")!, CultureInfo.InvariantCulture) + offBy;
        string[] lines = [$"RTSP/1.0 {status}", $"CSeq: {number}", .. fields, .. body.Length > 0 ? [$"Content-Length: {body.Length}"] : Array.Empty<string>(), "", ""];
        return WriteAsync(Latin(string.Join("\r\n", lines) + body), stop);
    }

    async Task WriteAsync(byte[] bytes, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            // Whole or not at all: a pause must not cut a packet.
            cancel.ThrowIfCancellationRequested();
            await stream.WriteAsync(script.Mutates?.Invoke(bytes) ?? bytes, stop);
        }
        finally
        {
            _writing.Release();
        }
    }

    static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
