using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class PackageConfinementTests
{
    [Test]
    public void Every_package_stays_in_its_files() =>
        Assert.That(PackageConfinement.Violations(RepositoryTree.Source), Is.Empty);

    [TestCase("Quartz", "Quartz.IJob", "src/Agent/Rounds/RoundJob.cs")]
    [TestCase("Polly", "Polly.ResiliencePipeline", "src/Agent/Delivery/UpstreamResilience.cs")]
    [TestCase("Microsoft.Data.Sqlite", "Microsoft.Data.Sqlite.SqliteConnection", "src/Agent/Ledger/LedgerStore.cs")]
    [TestCase("Spectre.Console", "Spectre.Console.Table", "src/Agent/Cli/CheckCommand.cs")]
    [TestCase("System.CommandLine", "System.CommandLine.RootCommand", "src/Agent/Cli/CheckCommand.cs")]
    public void A_package_is_found_outside_its_files_and_passes_inside(string package, string type, string home)
    {
        var text = $$"""internal sealed class X { {{type}}? _field; }""";

        Assert.That(Violations(new SourceFile("src/Agent/Status/AgentStatus.cs", text)), Has.Some.EndsWith($"{package} belongs in").Or.Some.Contains($": {package} belongs in"));
        Assert.That(Violations(new SourceFile(home, text)), Is.Empty);
    }

    [Test]
    public void A_second_file_with_FFMpegCore_is_found()
    {
        const string text = "internal sealed class X { FFMpegCore.IMediaAnalysis? _field; }";

        Assert.That(Violations(new SourceFile("src/Agent/Probing/A.cs", text)), Is.Empty);
        Assert.That(
            Violations(new SourceFile("src/Agent/Probing/A.cs", text), new SourceFile("src/Agent/Probing/B.cs", text.Replace('X', 'Y'))),
            Has.One.Contains("A.cs, src/Agent/Probing/B.cs"));
    }

    static IEnumerable<string> Violations(params SourceFile[] files) => PackageConfinement.Violations(CodeModel.Of(files));
}
