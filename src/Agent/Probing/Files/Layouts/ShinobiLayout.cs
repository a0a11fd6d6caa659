namespace Agent.Probing.Files.Layouts;

/// <summary>Shinobi: <c>videos/&lt;group&gt;/&lt;monitor&gt;/YYYY-MM-DDTHH-MM-SS.mp4</c>, local, fifteen minutes each.</summary>
/// <remarks>
/// Names: Shinobi @2600e91, libs/ffmpeg. A camera is named by its group and monitor, or by the monitor where the folder of one group is
/// measured. Open under the final name. Proven on that naming with files written by ffmpeg, which also writes Shinobi's.
/// </remarks>
internal static class ShinobiLayout
{
    public static Layout Instance { get; } = new("shinobi", PathTemplate.Parse("%Y-%m-%dT%H-%M-%S"), Utc: false, Proven: true) { Extensions = Layout.Of(".mp4", ".webm") };
}
