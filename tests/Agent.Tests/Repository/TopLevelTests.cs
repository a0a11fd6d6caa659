using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class TopLevelTests
{
    [Test]
    public void The_top_level_holds_what_the_blueprint_names_and_nothing_else() =>
        Assert.That(TopLevel.Violations(Tracked()), Is.Empty);

    [Test]
    public void A_stray_and_a_missing_entry_are_found() =>
        Assert.That(
            TopLevel.Violations(["src/a.cs", "tests/run.sh", "deploy/x", "install.ps1", "Agent.sln", "notes.txt", ".gitignore"]),
            Is.EquivalentTo(["notes.txt does not belong at the top level", "README.md is missing at the top level"]));

    [Test]
    public void Every_project_is_in_the_solution() =>
        Assert.That(
            TopLevel.ProjectsOutsideTheSolution(
                RepositoryTree.Files("src", "*.csproj").Concat(RepositoryTree.Files("tests", "*.csproj")).Select(file => file.Path),
                File.ReadAllText(RepositoryTree.PathOf("Agent.sln"))),
            Is.Empty);

    [Test]
    public void A_project_outside_the_solution_is_found() =>
        Assert.That(
            TopLevel.ProjectsOutsideTheSolution(["src/A/A.csproj", "src/B/B.csproj"], """Project("{0}") = "A", "src\A\A.csproj", "{1}" """),
            Is.EqualTo(["src/B/B.csproj is not in Agent.sln"]));

    [Test]
    public void Every_project_locks_its_packages() =>
        Assert.That(TopLevel.ProjectsWithoutALockFile(Tracked()), Is.Empty);

    [Test]
    public void A_project_without_locked_packages_is_found() =>
        Assert.That(
            TopLevel.ProjectsWithoutALockFile(["src/A/A.csproj", "src/A/packages.lock.json", "src/B/B.csproj"]),
            Is.EqualTo(["src/B/B.csproj has no packages.lock.json beside it"]));

    static IReadOnlyList<string> Tracked()
    {
        var paths = RepositoryTree.TrackedPaths();
        if (paths is null)
            Assert.Ignore("git, or this tree's git metadata, is missing: the tracked files are not known");
        return paths!;
    }
}
