namespace Agent.Probing.Files.Layouts;

/// <summary>Frigate since 0.12: <c>recordings/YYYY-MM-DD/HH/&lt;camera&gt;/MM.SS.mp4</c>, UTC, segments of about ten seconds.</summary>
/// <remarks>
/// Names: blakeblackshear/frigate @e3fa701, frigate/record/maintainer.py. Files appear when they are whole; before that they lie in a
/// cache elsewhere. Proven on that naming with files written by ffmpeg, which also writes Frigate's.
/// </remarks>
internal static class FrigateLayout
{
    public static Layout Instance { get; } = new("frigate", PathTemplate.Parse("%Y-%m-%d/%H/{camera}/%M.%S"), Utc: true, Proven: true) { Extensions = Layout.Of(".mp4") };
}
