using System.Globalization;
using System.Text.Json;
using Agent.Probing.Files;

namespace Agent.Probing.Rtsp;

/// <summary>
/// Whether a camera delivers video that can be decoded, now. We receive it ourselves and hand the pictures alone to ffprobe, so that
/// neither the login nor the address is told to another program. Without ffprobe it is only known that packets of video come.
/// </summary>
/// <param name="access">How the recorder may be spoken to.</param>
/// <param name="ffprobe">Decodes; null where there is none.</param>
/// <param name="time">Measures every wait.</param>
/// <param name="span">How long to watch.</param>
internal sealed class LiveCheck(RtspAccess access, Ffprobe? ffprobe, TimeProvider time, TimeSpan span)
{
    const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Watches for a while.</summary>
    public async Task<LiveAnswer> AskAsync(Uri live, CancellationToken cancel)
    {
        if (RtspAddress.Of(live) is not { } address)
            return new LiveAnswer { Failure = RtspFailure.NotSupported, Message = "its address is not one of RTSP" };
        MediaDescription? video = null;
        try
        {
            PictureRate rate;
            Depacketiser? stream;
            await using (var client = await RtspClient.ConnectAsync(address, access, time, cancel))
            {
                var description = await client.DescribeAsync();
                video = description.Media.FirstOrDefault(medium => medium.IsVideo) ?? throw new RtspFailedException(RtspFailure.NoVideo, "there is no video in it");
                await client.SetupAsync(video);
                await client.PlayAsync("npt=0.000-");
                (rate, stream) = await WatchAsync(client, video);
            }
            if (rate.Pictures < 2)
                throw new RtspFailedException(RtspFailure.NoVideo, "it plays, and sends no pictures");
            var answer = new LiveAnswer { Codec = video.Encoding, Pictures = rate.Pictures, FramesPerSecond = rate.PerSecond };
            return stream is null
                ? answer with { Message = $"only packets were counted: {video.Encoding ?? "its codec"} is not one we hand to a decoder" }
                : await Task.Run(() => Decoded(answer, stream, Depacketiser.FormatOf(video.Encoding)!, cancel), cancel);
        }
        catch (RtspFailedException e)
        {
            return new LiveAnswer { Failure = e.Failure, Message = e.Message, Codec = video?.Encoding };
        }
    }

    async Task<(PictureRate, Depacketiser?)> WatchAsync(RtspClient client, MediaDescription video)
    {
        var rate = new PictureRate(video.ClockRate);
        var stream = Depacketiser.FormatOf(video.Encoding) is null ? null : new Depacketiser(video, MostBytes);
        var bytes = 0L;
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < span && bytes < MostBytes && await client.NextPacketAsync() is { } packet)
        {
            if (video.PayloadType is { } type && type != packet.PayloadType)
                continue;
            bytes += packet.Payload.Length;
            rate.Add(packet);
            stream?.Add(packet);
        }
        return (rate, stream);
    }

    LiveAnswer Decoded(LiveAnswer answer, Depacketiser stream, string format, CancellationToken cancel)
    {
        if (ffprobe is null)
            return answer with { Message = "only packets were counted: there is no ffprobe to decode them" };
        var reply = ffprobe.Decode(stream.Content, format, cancel);
        if (!reply.Started)
            return answer with { Message = $"only packets were counted: {reply.Failure}" };
        return reply.Json is { } json && Read(json) is var (width, height, pictures) && pictures > 0
            ? answer with { Width = width, Height = height, Decoded = pictures }
            : answer with { Failure = RtspFailure.NoVideo, Message = $"what it sends cannot be decoded{(reply.Failure is { } why ? $": {why}" : "")}", Decoded = 0 };
    }

    /// <summary>Of ffprobe's answer, which repeats what a hostile stream says.</summary>
    static (int Width, int Height, int Pictures)? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var stream = document.RootElement.GetProperty("streams")[0];
            return (stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32(),
                int.Parse(stream.GetProperty("nb_read_frames").GetString()!, NumberStyles.None, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException
            or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
