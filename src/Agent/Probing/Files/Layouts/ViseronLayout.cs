namespace Agent.Probing.Files.Layouts;

/// <summary>Viseron: <c>segments/&lt;camera&gt;/&lt;Unix seconds&gt;.m4s</c>, five seconds each, with the movie's header in <c>init.mp4</c> beside them.</summary>
/// <remarks>
/// Names: roflcoopter/viseron, viseron/domains/camera/fragmenter.py. Files are moved there when they are whole. Unproven: what its
/// fragments hold was not seen.
/// </remarks>
internal static class ViseronLayout
{
    public static Layout Instance { get; } = new("viseron", PathTemplate.Parse("{camera}/%s"), Utc: true, Proven: false)
    {
        Extensions = Layout.Of(".m4s"),
        InitFile = "init.mp4",
    };
}
