namespace Agent.Probing.Files.Layouts;

/// <summary>
/// ZoneMinder with video (not single pictures): <c>&lt;monitor&gt;/…/&lt;event&gt;-video.mp4</c>. The storage scheme decides what the
/// folders tell: Deep the second, Medium (as it comes) the day, Shallow nothing. Local time; sections of ten minutes.
/// </summary>
/// <remarks>
/// Names: ZoneMinder/zoneminder, src/zm_event.cpp and src/zm_eventstream.cpp. The file is <c>incomplete.mp4</c> while it is written and
/// tells its end only when it is renamed; it is then last written when the event ends, which places the events of Medium and Shallow.
/// The names of monitors beside their numbers are links and are not followed. Proven on that naming with files written by ffmpeg,
/// with whose libraries ZoneMinder writes.
/// </remarks>
internal static class ZoneMinderLayout
{
    const string File = "{%v-video|%v-video.*|incomplete}";

    public static Layout Deep { get; } = Of("zoneminder-deep", $"{{camera}}/%y/%m/%d/%H/%M/%S/{File}");

    public static Layout Medium { get; } = Of("zoneminder-medium", $"{{camera}}/%Y-%m-%d/%v/{File}");

    public static Layout Shallow { get; } = Of("zoneminder-shallow", $"{{camera}}/%v/{File}");

    static Layout Of(string name, string template) => new(name, PathTemplate.Loose(template), Utc: false, Proven: true) { Extensions = Layout.Of(".mp4", ".mkv", ".webm") };
}
