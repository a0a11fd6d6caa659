namespace Agent.Probing.Files.Layouts;

/// <summary>UniFi Protect: <c>video/YYYY/MM/DD/&lt;MAC&gt;_0_rotating_&lt;Unix milliseconds&gt;.ubv</c>, about an hour each.</summary>
/// <remarks>
/// Facts: paths in programs of others that read such volumes. <c>_2_</c> is the small picture of the same camera and <c>timelapse</c>
/// its summary: neither is footage of its own. Unproven.
/// </remarks>
internal static class UniFiLayout
{
    public static Layout Instance { get; } = new("unifi", PathTemplate.Parse("%Y/%m/%d/{camera}_0_rotating_%Q"), Utc: true, Proven: false)
    {
        Extensions = Layout.Of(".ubv"),
        Beside = [PathTemplate.Loose("%Y/%m/%d/{*_%v_timelapse_%v|*_2_rotating_%v}")],
    };
}
