using System.Diagnostics;
using System.Text;
using Agent.Evidence.Statements;
using Agent.Tests.Repository;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

/// <summary>
/// The frozen dossiers in <c>deploy/verify/dossiers</c>: NAME.EXPECTED.jsonl. Our verifier and the one in Python, which shares no line
/// with it, must come to what the file is named after.
/// </summary>
sealed class DossierTests
{
    static string Folder { get; } = Path.Combine(RepositoryTree.Root, "deploy", "verify");

    static IEnumerable<string> Dossiers() =>
        Directory.EnumerateFiles(Path.Combine(Folder, "dossiers"), "*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Dossiers))]
    public void A_frozen_dossier_comes_to_what_it_is_named_after(string name)
    {
        var walk = new DossierWalk(Keys("agent").Find, Keys("server").Find);
        foreach (var line in File.ReadLines(Path.Combine(Folder, "dossiers", $"{name}.jsonl")))
            walk.Accept(Encoding.UTF8.GetBytes(line));

        Assert.That(walk.End()?.Kind.ToString() ?? "holds", Is.EqualTo(name.Split('.')[^1]), walk.End()?.Message);
    }

    [TestCaseSource(nameof(Dossiers))]
    public async Task The_verifier_in_Python_comes_to_the_same(string name)
    {
        var dossiers = Path.Combine(Folder, "dossiers");
        var start = new ProcessStartInfo("python3",
            ["-B", Path.Combine(Folder, "verify.py"), "--agent", Path.Combine(dossiers, "agent.jwks.json"), "--server", Path.Combine(dossiers, "server.jwks.json"), Path.Combine(dossiers, $"{name}.jsonl")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        var expected = name.Split('.')[^1];
        Assert.That(await output + await errors, expected == "holds" ? Does.Match("^[0-9]+ lines hold\n$") : Does.Contain($": {expected}: "));
        Assert.That(process.ExitCode, Is.EqualTo(expected == "holds" ? 0 : 1));
    }

    [Test]
    public void Every_kind_of_forgery_has_a_frozen_dossier() => Assert.That(
        Enum.GetNames<StatementFaultKind>().Except(Dossiers().Select(name => name.Split('.')[^1])), Is.Empty);

    static JwkSet Keys(string side) => JwkSet.Parse(File.ReadAllText(Path.Combine(Folder, "dossiers", $"{side}.jwks.json")));
}
