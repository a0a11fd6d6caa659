namespace Agent.Probing.Files.Layouts;

/// <summary>iSpy and Agent DVR: <c>video/&lt;folder&gt;/&lt;id&gt;_YYYY-MM-DD_HH-MM-SS[_mmm].mkv</c> or <c>.mp4</c>, local.</summary>
/// <remarks>
/// Facts: names as their users show them (protocols E). The folder is the camera's own, the number its id. Files beside a folder named
/// <c>video</c> are taken for those of somebody else, who may keep several cameras in one folder. Unproven.
/// </remarks>
internal static class AgentDvrLayout
{
    public static Layout Instance { get; } = new("agentdvr", PathTemplate.Parse("video/{camera}/%v_%Y-%m-%d_%H-%M-%S{|_%L}"), Utc: false, Proven: false) { Extensions = Layout.Of(".mkv", ".mp4", ".avi", ".webm") };
}
