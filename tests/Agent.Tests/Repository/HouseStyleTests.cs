using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class HouseStyleTests
{
    [Test]
    public void No_type_has_an_empty_name() =>
        Assert.That(HouseStyle.EmptyNames(RepositoryTree.Source), Is.Empty);

    [TestCase("RecorderManager")]
    [TestCase("PathUtils")]
    [TestCase("RoundService")]
    [TestCase("ProbeBase")]
    public void An_empty_name_is_found(string name) =>
        Assert.That(HouseStyle.EmptyNames(Model($"internal class {name};")), Has.One.Contains(name));

    [Test]
    public void A_database_is_not_a_base() =>
        Assert.That(HouseStyle.EmptyNames(Model("internal sealed class LedgerDatabase;")), Is.Empty);

    [Test]
    public void No_file_is_longer_than_four_hundred_lines() =>
        Assert.That(HouseStyle.LongFiles(RepositoryTree.Source.Files), Is.Empty);

    [TestCase(400, 0)]
    [TestCase(401, 1)]
    public void A_long_file_is_found(int lines, int found) =>
        Assert.That(HouseStyle.LongFiles([File(string.Concat(Enumerable.Repeat("//\n", lines)))]).Count(), Is.EqualTo(found));

    [Test]
    public void No_type_is_named_like_a_namespace() =>
        Assert.That(HouseStyle.NamespaceClashes(RepositoryTree.Source), Is.Empty);

    [TestCase("src/Agent/Ledger/X.cs", "Agent.Ledger", 1)]
    [TestCase("src/Agent.Evidence/Chain/X.cs", "Agent.Evidence.Chain", 1)]
    [TestCase("src/AuditServer/Intake/X.cs", "AuditServer.Intake", 0)]
    public void A_type_named_like_a_namespace_it_can_meet_is_found(string path, string space, int found) =>
        Assert.That(
            HouseStyle.NamespaceClashes(CodeModel.Of(
            [
                new(path, $"namespace {space}; public sealed class Ledger;"),
                new("src/Agent/Ledger/LedgerStore.cs", "namespace Agent.Ledger; internal sealed class LedgerStore;"),
            ])).Count(),
            Is.EqualTo(found));

    [Test]
    public void Every_namespace_is_its_folder() =>
        Assert.That(HouseStyle.MisplacedNamespaces(RepositoryTree.Source), Is.Empty);

    [Test]
    public void A_namespace_that_is_not_its_folder_is_found() =>
        Assert.That(HouseStyle.MisplacedNamespaces(Model("namespace Agent.Rounds; internal sealed class X;")), Has.One.Contains("Agent.Ledger"));

    [Test]
    public void The_agent_has_no_public_types() =>
        Assert.That(HouseStyle.PublicTypesOfTheAgent(RepositoryTree.Source), Is.Empty);

    [Test]
    public void A_public_type_of_the_agent_is_found() =>
        Assert.That(HouseStyle.PublicTypesOfTheAgent(Model("public sealed class X;")), Has.One.Contains("X"));

    [Test]
    public void Every_interface_has_two_implementations() =>
        Assert.That(HouseStyle.NeedlessInterfaces(RepositoryTree.Source), Is.Empty);

    [TestCase("internal interface IProbe;", 1)]
    [TestCase("internal interface IProbe; internal sealed class A : IProbe;", 1)]
    [TestCase("internal interface IProbe; internal abstract class A : IProbe; internal sealed class B : A;", 1)]
    [TestCase("internal interface IProbe; internal sealed class A : IProbe; internal sealed class B : IProbe;", 0)]
    public void An_interface_without_two_implementations_is_found(string text, int found) =>
        Assert.That(HouseStyle.NeedlessInterfaces(Model(text)).Count(), Is.EqualTo(found));

    [Test]
    public void No_file_has_regions() =>
        Assert.That(HouseStyle.Regions(RepositoryTree.Source.Files), Is.Empty);

    [Test]
    public void A_region_is_found() =>
        Assert.That(HouseStyle.Regions([File("class X\n{\n    #region Fields\n    #endregion\n}")]), Has.One.Items);

    [Test]
    public void Nothing_of_ours_is_imported_for_every_file() =>
        Assert.That(HouseStyle.GlobalUsings([.. RepositoryTree.Source.Files, .. RepositoryTree.Files("src", "*.csproj"), .. RepositoryTree.Files("src", "*.props")]), Is.Empty);

    [TestCase("global using Agent.Ledger;")]
    [TestCase("""    <Using Include="Agent.Ledger" />""")]
    public void A_global_import_is_found(string text) =>
        Assert.That(HouseStyle.GlobalUsings([File(text)]), Has.One.Items);

    static SourceFile File(string text) => new("src/Agent/Ledger/X.cs", text);

    static CodeModel Model(string text) => CodeModel.Of([File(text)]);
}
