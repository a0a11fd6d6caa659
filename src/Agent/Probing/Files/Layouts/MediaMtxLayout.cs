namespace Agent.Probing.Files.Layouts;

/// <summary>MediaMTX as it comes: <c>recordings/&lt;path&gt;/YYYY-MM-DD_HH-MM-SS-ffffff.mp4</c> or <c>.ts</c>, local, an hour each.</summary>
/// <remarks>
/// Names: bluenviron/mediamtx @3e09466, mediamtx.yml <c>recordPath</c>; a changed one is written as a template. Fragmented MP4 of about
/// a second a fragment, open under its final name. The path may have folders of its own. Proven on that naming with fragmented files
/// written by ffmpeg.
/// </remarks>
internal static class MediaMtxLayout
{
    public static Layout Instance { get; } = new("mediamtx", PathTemplate.Parse("%Y-%m-%d_%H-%M-%S-%f"), Utc: false, Proven: true) { Extensions = Layout.Of(".mp4", ".ts") };
}
