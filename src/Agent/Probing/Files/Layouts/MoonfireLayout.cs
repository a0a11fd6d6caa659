using Agent.Probing.Files.IndexFiles;

namespace Agent.Probing.Files.Layouts;

/// <summary>
/// Moonfire NVR: samples without a container in files named by sixteen hexadecimal digits; its SQLite database <c>db/db</c> is the
/// only thing that tells camera and time.
/// </summary>
/// <remarks>Facts: scottlamb/moonfire-nvr @ffc8bd6, design/schema.md. The measured folder must hold the database too. Unproven.</remarks>
internal static class MoonfireLayout
{
    public static Layout Instance { get; } = new("moonfire", PathTemplate.Loose("%x"), Utc: true, Proven: false)
    {
        Extensions = Layout.Of(""),
        Beside = [PathTemplate.Loose("meta"), PathTemplate.Loose("db/db-*")],
        Index = new IndexFile(IsIndex, 2, static (path, _, _) => MoonfireIndexStore.Read(path)),
        PrefixNamesCamera = true,
    };

    static bool IsIndex(ReadOnlySpan<char> path) => path is "db/db" || path.EndsWith("/db/db", StringComparison.Ordinal);
}
