namespace Agent.Probing.Files.Layouts;

/// <summary>motion as it comes: <c>&lt;target_dir&gt;/&lt;event&gt;-YYYYMMDDHHMMSS.mkv</c>, local, a file for each event.</summary>
/// <remarks>
/// Names: Motion-Project/motion @aaae7d4, <c>movie_filename %v-%Y%m%d%H%M%S</c>; a changed one is written as a template. Cameras are
/// told apart by their folders (<c>target_dir</c> of each). Open under the final name. Proven against motion itself.
/// </remarks>
internal static class MotionLayout
{
    public static Layout Instance { get; } = new("motion", PathTemplate.Parse("%v-%Y%m%d%H%M%S"), Utc: false, Proven: true);
}
