namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Kerberos Agent: <c>&lt;Unix seconds&gt;_&lt;digits&gt;-&lt;milliseconds&gt;_&lt;camera&gt;_&lt;x-y-w-h&gt;_&lt;changes&gt;_&lt;duration&gt;.mp4</c>.
/// </summary>
/// <remarks>
/// Names: kerberos-io/agent, machinery/src/capture/main.go. The milliseconds are written without zeros in front, the duration is 0
/// until the file is closed and renamed. Encrypted recordings are no container and their time is unknown. Unproven: its own muxer's
/// files were not seen.
/// </remarks>
internal static class KerberosLayout
{
    public static Layout Instance { get; } = new("kerberos", PathTemplate.Parse("%s_%v-%L_{camera}_%v-%v-%v-%v_%v_%v"), Utc: true, Proven: false) { Extensions = Layout.Of(".mp4") };
}
