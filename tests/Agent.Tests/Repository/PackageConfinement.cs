namespace Agent.Tests.Repository;

/// <summary>Packages stay where they belong, so that each can be replaced by changing the files that name says.</summary>
internal static class PackageConfinement
{
    static readonly (string Package, string Home, Func<SourceFile, bool> MayUse)[] Homes =
    [
        ("Quartz", "*Job.cs and Hosting/Schedule.cs", file => file.Name.EndsWith("Job.cs", StringComparison.Ordinal) || file.Path == "src/Agent/Hosting/Schedule.cs"),
        ("Polly", "*Resilience.cs", file => file.Name.EndsWith("Resilience.cs", StringComparison.Ordinal)),
        ("Microsoft.Data.Sqlite", "*Store.cs", file => file.Name.EndsWith("Store.cs", StringComparison.Ordinal)),
        ("Npgsql", "*Store.cs", file => file.Name.EndsWith("Store.cs", StringComparison.Ordinal)),
        ("Spectre.Console", "Cli and Demo", file => file.Path.StartsWith("src/Agent/Cli/", StringComparison.Ordinal) || file.Path.StartsWith("src/Demo/", StringComparison.Ordinal)),
        ("System.CommandLine", "Cli and Program.cs", file => file.Path.StartsWith("src/Agent/Cli/", StringComparison.Ordinal) || file.Path == "src/Agent/Program.cs"),
    ];

    public static IEnumerable<string> Violations(CodeModel code)
    {
        var strays =
            from use in code.Uses
            from home in Homes
            where IsIn(use, home.Package) && !home.MayUse(use.File)
            select $"{use}: {home.Package} belongs in {home.Home}";

        var readers = code.Uses.Where(use => IsIn(use, "FFMpegCore")).Select(use => use.File.Path).Distinct().ToList();
        return readers.Count > 1
            ? strays.Append($"FFMpegCore belongs in one file, and is in {string.Join(", ", readers)}")
            : strays;
    }

    static bool IsIn(CodeModel.Use use, string package) =>
        use.Namespace == package || use.Namespace.StartsWith(package + ".", StringComparison.Ordinal);
}
