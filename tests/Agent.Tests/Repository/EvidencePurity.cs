using System.Xml.Linq;

namespace Agent.Tests.Repository;

/// <summary>Agent.Evidence is what outsiders recompute a verdict with: the class library alone, no I/O, no clock.</summary>
internal static class EvidencePurity
{
    static readonly string[] ForbiddenNamespaces =
        ["Microsoft", "System.Net", "System.IO.Pipes", "System.IO.MemoryMappedFiles", "System.Data", "System.Timers"];

    static readonly string[] ForbiddenTypes =
    [
        "System.Console", "System.Environment", "System.TimeProvider",
        "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
        "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Threading.Thread",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.FileSystemInfo",
        "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.DriveInfo", "System.IO.FileSystemWatcher",
    ];

    static readonly string[] ForbiddenMembers = ["Now", "UtcNow", "Today"];

    public static IEnumerable<string> Violations(CodeModel code) =>
        from use in code.Uses
        where use.File.Path.StartsWith("src/Agent.Evidence/", StringComparison.Ordinal)
        where ForbiddenNamespaces.Any(space => use.Namespace == space || use.Namespace.StartsWith(space + ".", StringComparison.Ordinal))
            || ForbiddenTypes.Contains(use.Type?.ToDisplayString())
            || (use.Type?.ToDisplayString() is "System.DateTime" or "System.DateTimeOffset" && ForbiddenMembers.Contains(use.Symbol.Name))
        select $"{use}: Agent.Evidence does no I/O and has no clock";

    public static IEnumerable<string> References(string projectText) =>
        XDocument.Load(new StringReader(projectText)).Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference" or "Reference")
            .Select(element => $"Agent.Evidence references {(string?)element.Attribute("Include")}: only the base class library is allowed");
}
