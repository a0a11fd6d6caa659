namespace Agent.Tests.Repository;

/// <summary>What a visitor sees first, and that no project is left out of the build or of the locked versions.</summary>
internal static class TopLevel
{
    static readonly string[] Visible = ["src", "tests", "deploy", "install.ps1", "Agent.sln", "README.md"];

    public static IEnumerable<string> Violations(IReadOnlyList<string> trackedPaths)
    {
        var found = trackedPaths.Select(path => path.Split('/')[0]).Where(name => !name.StartsWith('.')).Distinct().ToList();
        return found.Except(Visible).Select(name => $"{name} does not belong at the top level")
            .Concat(Visible.Except(found).Select(name => $"{name} is missing at the top level"));
    }

    public static IEnumerable<string> ProjectsOutsideTheSolution(IEnumerable<string> projectPaths, string solutionText) =>
        projectPaths.Where(path => !solutionText.Contains($"\"{path.Replace('/', '\\')}\"", StringComparison.Ordinal))
            .Select(path => $"{path} is not in Agent.sln");

    public static IEnumerable<string> ProjectsWithoutALockFile(IReadOnlyList<string> trackedPaths) =>
        trackedPaths.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(path => !trackedPaths.Contains(path[..path.LastIndexOf('/')] + "/packages.lock.json"))
            .Select(path => $"{path} has no packages.lock.json beside it");
}
