using FFMpegCore;

namespace Agent.Probing.Files;

/// <summary>
/// The only place that knows FFMpegCore, and only its model of ffprobe's answer: starting ffprobe is not left to it, because its
/// argument builder can be injected by a file name.
/// </summary>
internal static class FfprobeDuration
{
    /// <summary>Length of the video, or of the whole file where the video states none; null when the answer states neither.</summary>
    /// <param name="json">Answer to <c>-sexagesimal -show_format -show_streams</c>: plain seconds are read as zero by FFMpegCore 6.0.0.</param>
    public static TimeSpan? Of(string json)
    {
        try
        {
            var analysis = FFProbe.FromJson(json);
            return Stated(analysis.PrimaryVideoStream?.Duration) ?? Stated(analysis.Format.Duration);
        }
        catch (Exception)
        {
            // The answer repeats what a hostile file says, and what the model throws for that is not documented.
            return null;
        }
    }

    static TimeSpan? Stated(TimeSpan? duration) => duration > TimeSpan.Zero ? duration : null;
}
