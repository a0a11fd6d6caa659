using NUnit.Framework;

namespace Agent.Tests.Repository;

internal sealed class EvidencePurityTests
{
    [Test]
    public void The_evidence_does_no_input_or_output_and_has_no_clock() =>
        Assert.That(EvidencePurity.Violations(RepositoryTree.Source), Is.Empty);

    [Test]
    public void The_evidence_references_the_class_library_only() =>
        Assert.That(EvidencePurity.References(File.ReadAllText(RepositoryTree.PathOf("src", "Agent.Evidence", "Agent.Evidence.csproj"))), Is.Empty);

    [TestCase("File.ReadAllText(\"x\")")]
    [TestCase("new FileInfo(\"x\").Length")]
    [TestCase("new HttpClient()")]
    [TestCase("System.Diagnostics.Process.Start(\"x\")")]
    [TestCase("TimeProvider.System.GetUtcNow()")]
    [TestCase("DateTimeOffset.UtcNow")]
    [TestCase("System.Diagnostics.Stopwatch.GetTimestamp()")]
    [TestCase("Environment.MachineName")]
    public void The_outside_world_is_found(string expression) =>
        Assert.That(Violations(expression), Is.Not.Empty);

    [TestCase("new MemoryStream().Length")]
    [TestCase("System.Security.Cryptography.SHA256.HashData(new byte[1])")]
    [TestCase("DateTimeOffset.UnixEpoch.UtcTicks")]
    public void Pure_code_passes(string expression) =>
        Assert.That(Violations(expression), Is.Empty);

    [Test]
    public void A_package_reference_is_found() =>
        Assert.That(EvidencePurity.References("""<Project><ItemGroup><PackageReference Include="Serilog" /></ItemGroup></Project>"""), Has.One.Contains("Serilog"));

    static IEnumerable<string> Violations(string expression) => EvidencePurity.Violations(CodeModel.Of(
        [new SourceFile("src/Agent.Evidence/Chain/X.cs", $"namespace Agent.Evidence.Chain; public sealed class X {{ object F() => {expression}; }}")]));
}
