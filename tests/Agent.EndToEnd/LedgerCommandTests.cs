using System.Text;
using System.Text.Json.Nodes;
using Agent.Evidence.Statements;
using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary><c>ledger check</c> and <c>ledger export</c> on ledgers that are whole, tampered with, torn and not there.</summary>
internal sealed class LedgerCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    RecordedRun _run = null!;

    [SetUp]
    public async Task Record() => _run = await RecordedRun.GetAsync();

    [Test]
    public async Task A_copy_of_the_ledger_is_checked_and_exported_anywhere()
    {
        Place(_run.Ledger, _run.Pin);

        var check = await RunAsync("check");
        var export = await RunAsync("export");

        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors);
        Assert.That(check.Output, Does.Contain("holds: 6 entries").And.Contain("every heartbeat is signed with key"));
        var lines = export.Output.TrimEnd('\n').Split('\n').ToList();
        Assert.That(lines.Where(line => line.StartsWith("{\"v\":", StringComparison.Ordinal)), Is.EqualTo(_run.Export));
        Assert.That(lines[lines.IndexOf(_run.Export[3]) + 1], Is.EqualTo(SignatureLine.Of(_run.HeartbeatJws)));
        Assert.That(export.Errors, Does.StartWith("6 entries of agent a-"));
    }

    [Test]
    public async Task Without_the_public_key_it_says_that_signatures_were_not_looked_at()
    {
        Place(_run.Ledger, pin: null);

        var check = await RunAsync("check");

        Assert.That(check.ExitCode, Is.Zero, check.Errors);
        Assert.That(check.Output, Does.Contain("signatures  not looked at"));
        Assert.That(Directory.EnumerateFiles(_folder.Path, "agent.*").Select(Path.GetFileName), Is.EqualTo(["agent.json"]), "looking makes no key");
    }

    [Test]
    public async Task A_changed_entry_is_named()
    {
        // Everywhere: the file also holds what was there before a page was split.
        var changed = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(_run.Ledger).Replace("\"requiredDays\":7", "\"requiredDays\":8", StringComparison.Ordinal));
        Assert.That(changed, Is.Not.EqualTo(_run.Ledger));
        Place(changed, _run.Pin);

        var check = await RunAsync("check");

        Assert.That(check.ExitCode, Is.EqualTo(1));
        Assert.That(check.Output, Does.Contain("DOES NOT HOLD").And.Contain("seq 2:"));
    }

    [TestCase("nothing")]
    [TestCase("no database")]
    [TestCase("a torn database")]
    [TestCase("an empty file")]
    [TestCase("a key file of noise")]
    public async Task What_is_no_ledger_is_told_in_plain_words(string what)
    {
        if (what != "nothing")
            Place(
                what switch { "no database" => [.. Encoding.ASCII.GetBytes(new string('x', 9000))], "a torn database" => _run.Ledger[..5000], "an empty file" => [], _ => _run.Ledger },
                what == "a key file of noise" ? "noise" : _run.Pin);

        foreach (var verb in what == "a key file of noise" ? ["check"] : new[] { "check", "export" })
        {
            var ended = await RunAsync(verb);

            Assert.That(ended.ExitCode, Is.EqualTo(1), verb);
            Assert.That(ended.Output + ended.Errors, Does.Contain(what == "a key file of noise" ? "agent.jwk.json" : "ledger").And.Not.Contain("   at "));
        }
    }

    public void Dispose() => _folder.Dispose();

    Task<EndedProcess> RunAsync(string verb)
    {
        var configuration = new JsonObject
        {
            ["site"] = new JsonObject { ["id"] = TestSite.Id },
            ["dataDirectory"] = _folder.Path,
            ["recorders"] = new JsonArray(new JsonObject { ["id"] = "r", ["path"] = "/srv" }),
        };
        return Programs.RunAgentAsync("ledger", verb, "--config", _folder.Write("agent.json", configuration.ToJsonString()));
    }

    void Place(byte[] ledger, string? pin)
    {
        _folder.Write("ledger.db", ledger);
        if (pin is not null)
            _folder.Write("agent.jwk.json", pin);
    }
}
