using Agent.Probing.Files.IndexFiles;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Synology Surveillance Station: <c>&lt;camera&gt;/YYYYMMDDAM|PM/*.mp4</c>, and for every half day a record of each second in
/// <c>&lt;camera&gt;/@SSRECMETA/RecLog/&lt;Unix seconds&gt;</c>, which is what tells the time.
/// </summary>
/// <remarks>Facts: programs of others that read and write RecLog (protocols E). Unproven.</remarks>
internal static class SynologyLayout
{
    const string Log = "/@SSRECMETA/RecLog/";

    public static Layout Instance { get; } = new("synology", PathTemplate.Loose("%Y%m%d{AM|PM}/*"), Utc: true, Proven: false)
    {
        Extensions = Layout.Of("", ".mp4", ".avi"),
        Beside = [PathTemplate.Loose("@SSRECMETA/*/*")],
        Index = new IndexFile(IsIndex, 4, static (path, file, _) => SynologyRecLog.Read(path, file!)),
    };

    static bool IsIndex(ReadOnlySpan<char> path) =>
        path.LastIndexOf(Log, StringComparison.Ordinal) is > 0 and var at && at + Log.Length is var begin && path.Length - begin is >= 9 and <= 11
            && !path[begin..].ContainsAnyExceptInRange('0', '9');
}
