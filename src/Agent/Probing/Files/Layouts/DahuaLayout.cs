namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Dahua (and Amcrest, Lorex) by FTP, card or network volume:
/// <c>[serial/]YYYY-MM-DD/&lt;channel&gt;/dav/HH/HH.MM.SS-HH.MM.SS[R][0@0][0].dav</c>, local, up to an hour each.
/// </summary>
/// <remarks>
/// Facts: paths in programs of others that read such trees. The first letter in brackets is why it was recorded (R always, M motion, A
/// alarm). The end in the name is what was planned, so only the content ends a file; it may be missing while the file is written.
/// Channels are numbered anew on each device, so the serial is part of the camera's name. Unproven.
/// </remarks>
internal static class DahuaLayout
{
    public static Layout Instance { get; } = new("dahua", PathTemplate.Parse("%Y-%m-%d/{camera}/{dav|mp4}/%H/%H.%M.%S-*"), Utc: false, Proven: false)
    {
        Extensions = Layout.Of(".dav", ".mp4", ".dav_"),
        PrefixNamesCamera = true,
    };
}
