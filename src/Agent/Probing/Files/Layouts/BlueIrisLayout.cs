namespace Agent.Probing.Files.Layouts;

/// <summary>Blue Iris: <c>New\CAM.YYYYMMDD_HHMMSS.bvr</c> or <c>.mp4</c>, in folders of any kind or none, local.</summary>
/// <remarks>
/// Facts: the program's manual on file names (<c>&amp;CAM.%Y%m%d_%H%M%S</c>, which it asks its users to keep). The <c>.bvr</c> container
/// is its own and not read: its time is unknown. Unproven.
/// </remarks>
internal static class BlueIrisLayout
{
    public static Layout Instance { get; } = new("blueiris", PathTemplate.Parse("{camera}.%Y%m%d_%H%M%S"), Utc: false, Proven: false) { Extensions = Layout.Of(".bvr", ".mp4", ".avi", ".mkv") };
}
