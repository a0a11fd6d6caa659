using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>A site without a line: a month is carried to the audit server and its receipts back, with the real executables.</summary>
internal sealed class CarryingTests : IDisposable
{
    // FOOTAGE_TICK_MINUTES=5 makes it the month that a real agent leaves, 8,640 statements.
    static readonly TimeSpan Every = TimeSpan.FromMinutes(int.Parse(Environment.GetEnvironmentVariable("FOOTAGE_TICK_MINUTES") ?? "60", CultureInfo.InvariantCulture));

    readonly TestSite _site = new();

    [Test]
    public async Task A_month_without_a_line_is_carried_out_taken_and_receipted()
    {
        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(upstream: null, receiptKeys: true);
        await using (var first = _site.StartAgent())
        {
            await _site.PinAsync(first);
            await first.UntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));
            await first.StopCleanlyAsync();
        }

        var added = PastMonth.Add(_site.Data, TimeProvider.System.GetUtcNow(), Every);
        var whileStopped = await RunAsync("outbox", "export", _site.InFolder("tmp/stopped.jsonl"));
        await using var agent = _site.StartAgent();
        await agent.UntilAsync("it states again", async () => await PendingAsync() > added + 1);
        var exported = await RunAsync("outbox", "export", Carried("out"));
        var again = await RunAsync("outbox", "export", Carried("out"));
        Assert.That((whileStopped.ExitCode, exported.ExitCode, again.ExitCode), Is.EqualTo((0, 0, 1)), exported.Errors);
        Assert.That(again.Errors.Trim(), Does.Contain("already exists").And.Not.Contain("   at "));
        var lines = await File.ReadAllLinesAsync(Carried("out"));
        Assert.That(lines, Has.Length.GreaterThanOrEqualTo(added + 1));
        Assert.That(lines[..10], Is.EqualTo((await File.ReadAllLinesAsync(_site.InFolder("tmp/stopped.jsonl")))[..10]));
        Assert.That(await _site.KnownToServerAsync(), Is.Null, "nothing found its own way");

        // One line is spoilt on the way; what follows it is taken all the same.
        lines[added / 2] = lines[added / 2].Replace("\"entries\":[", "\"entries\":[\"{}\"", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Carried("spoilt"), lines);
        var spoilt = await TakeAsync("spoilt", "back-spoilt");
        Assert.That((spoilt.ExitCode, spoilt.Output.Trim()), Is.EqualTo((1, $"{lines.Length - 1} statements receipted, 1 refused.")), spoilt.Errors);
        Assert.That(spoilt.Errors, Does.Contain($"Line {(added / 2) + 1} was refused"));
        var taken = await TakeAsync("out", "back");
        Assert.That((taken.ExitCode, taken.Output.Trim()), Is.EqualTo((0, $"{lines.Length} statements receipted, 0 refused.")), taken.Errors);
        Assert.That(await _site.FindingsAsync(), Does.Contain("Late"));

        await AssertStrangerAsync();
        var imported = await RunAsync("receipts", "import", Carried("back"));
        Assert.That(imported.ExitCode, Is.Zero, imported.Errors);
        Assert.That(imported.Output, Does.StartWith($"{lines.Length} new receipts, 0 known before, 0 refusals, 0 that cannot be believed"));
        var second = await RunAsync("receipts", "import", Carried("back"));
        Assert.That(second.ExitCode, Is.Zero, second.Errors);
        Assert.That(second.Output, Does.StartWith($"0 new receipts, {lines.Length} known before"));

        // What waits now was stated since: the receipts themselves are entries, and ticks carry them.
        var left = await RunAsync("outbox", "export", Carried("left"));
        Assert.That(left.ExitCode, Is.Zero, left.Errors);
        Assert.That((await File.ReadAllLinesAsync(Carried("left"))).Intersect(lines), Is.Empty);
        Assert.That((await TakeAsync("left", "back-left")).ExitCode, Is.Zero);
        await agent.StopCleanlyAsync();
        var check = await RunAsync("ledger", "check");
        Assert.That(check.ExitCode, Is.Zero, check.Output);
    }

    [Test]
    public async Task A_whole_ledger_of_two_epochs_is_verified_and_taken_and_a_touched_one_is_refused_by_both()
    {
        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(upstream: null, receiptKeys: true);
        var ledger = Path.Combine(_site.Data, "ledger.db");
        await RunUntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));
        await File.WriteAllBytesAsync(_site.InFolder("tmp/older.db"), await File.ReadAllBytesAsync(ledger));
        var before = (await _site.ExportAsync()).Count;
        await RunUntilAsync("it states again", async () => (await _site.ExportAsync()).Skip(before).Any(entry => TestSite.TypeOf(entry) == "heartbeat"));
        // A backup is put back: the agent knows how far it was, and goes on in a new epoch.
        File.Copy(_site.InFolder("tmp/older.db"), ledger, overwrite: true);
        await RunUntilAsync("it states in a new epoch", async () => (await _site.ExportAsync()).SkipWhile(entry => TestSite.TypeOf(entry) != "gap").Any(entry => TestSite.TypeOf(entry) == "heartbeat"));

        var exported = await RunAsync("ledger", "export", "--output", Carried("whole"));
        var lines = await File.ReadAllLinesAsync(Carried("whole"));
        var signatures = lines.Count(line => line.StartsWith("{\"signature\"", StringComparison.Ordinal));
        Assert.That(exported.Errors, Does.Contain(", in 2 epochs"));
        Assert.That(signatures, Is.GreaterThanOrEqualTo(2));
        var verified = await VerifyAsync("whole");
        Assert.That(verified.ExitCode, Is.Zero, verified.Output);
        Assert.That(verified.Output, Does.Contain(" in 2 epochs, no line missing").And.Contain($"signatures  {signatures} hold"));

        // Before the agent is known nobody believes it; afterwards the same file is receipted to its last statement.
        Assert.That((await TakeAsync("whole", "back-unknown")).Errors, Does.StartWith("Line ").And.Contain("UnknownKey"));
        var pin = Path.Combine(_site.InFolder("server"), "agents", "site.jwk.json");
        File.Copy(_site.PinFile, pin);
        foreach (var (how, fault, code) in Touched(lines))
        {
            await File.WriteAllLinesAsync(Carried($"touched-{fault}"), how);
            var checkedFile = await VerifyAsync($"touched-{fault}");
            var refused = await TakeAsync($"touched-{fault}", $"back-{fault}");
            Assert.That((checkedFile.ExitCode, refused.ExitCode), Is.EqualTo((1, 1)), checkedFile.Output + refused.Output);
            Assert.That(checkedFile.Output, Does.StartWith($"The ledger export DOES NOT HOLD. First fault: line {fault}"));
            Assert.That(refused.Errors, Does.StartWith($"Line {fault} was refused: {code}"));
        }

        var taken = await TakeAsync("whole", "back-whole");
        Assert.That(taken.ExitCode, Is.Zero, taken.Errors);
        Assert.That(taken.Output, Does.StartWith($"{signatures} statements receipted, 0 refused. The chain of {lines.Length - signatures} entries holds"));
        await using var agent = _site.StartAgent();
        var imported = await RunAsync("receipts", "import", Carried("back-whole"));
        Assert.That(imported.ExitCode, Is.Zero, imported.Errors);
        Assert.That(imported.Output, Does.StartWith($"{signatures} new receipts, 0 known before, 0 refusals, 0 that cannot be believed"));
        await agent.StopCleanlyAsync();
    }

    [Test]
    public async Task Receipts_imported_while_the_service_is_stopped_are_taken_when_it_starts()
    {
        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(upstream: null, receiptKeys: true);
        await using (var first = _site.StartAgent())
        {
            await _site.PinAsync(first);
            await first.UntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));
            await first.StopCleanlyAsync();
        }

        Assert.That((await RunAsync("outbox", "export", Carried("out"))).ExitCode, Is.Zero);
        Assert.That((await TakeAsync("out", "back")).ExitCode, Is.Zero);
        var entries = (await _site.ExportAsync()).Count;
        var imported = await RunAsync("receipts", "import", Carried("back"));

        Assert.That(imported.ExitCode, Is.Zero, imported.Errors);
        Assert.That(imported.Errors, Does.Contain("as soon as it starts"));
        Assert.That((await _site.ExportAsync()), Has.Count.EqualTo(entries), "an entry now would say that the agent ran");
        await using var agent = _site.StartAgent();
        await agent.UntilAsync("the receipts are in the ledger", () => _site.HasAsync("receipt"));
        await agent.StopCleanlyAsync();
        Assert.That(Directory.GetFiles(_site.Data, "receipts-*"), Is.Empty);
    }

    [Test]
    public async Task What_is_no_file_of_receipts_gives_a_plain_error()
    {
        _site.Configure(upstream: null);
        var none = await RunAsync("outbox", "status");
        await File.WriteAllBytesAsync(Carried("noise"), RandomNumberGenerator.GetBytes(100_000));
        var noLedger = await RunAsync("receipts", "import", Carried("noise"));
        var missing = await RunAsync("receipts", "import", Carried("missing"));

        Assert.That((none.ExitCode, noLedger.ExitCode, missing.ExitCode), Is.EqualTo((1, 1, 1)));
        Assert.That(none.Errors + noLedger.Errors, Does.Contain("there is no ledger here"));
        Assert.That(none.Errors + noLedger.Errors + missing.Errors, Does.Not.Contain("   at ").And.Not.Contain("fault of the program"));
    }

    public void Dispose() => _site.Dispose();

    async Task AssertStrangerAsync()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var receipt = JsonElement.Parse((await File.ReadAllLinesAsync(Carried("back")))[0]).GetProperty("receipt").GetString()!;
        var forged = Jws.Sign(Base64Url.DecodeFromChars(receipt.Split('.')[1]), StatementTypes.Receipt, stranger);
        await File.WriteAllTextAsync(Carried("forged"), $$"""{"receipt":"{{forged}}"}""" + "\n");

        var refused = await RunAsync("receipts", "import", Carried("forged"));

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain("Line 1 is not taken: it is signed with a key that is not the audit server's"));
        Assert.That(refused.Output, Does.StartWith("0 new receipts"));
    }

    // Cut, moved and forged: each in a place of its own, so that what is found is what was done.
    static IEnumerable<(string[] Lines, int Fault, string Code)> Touched(string[] lines)
    {
        string[] cut = [.. lines[..1], .. lines[2..]];
        yield return (cut, 2, "BrokenChain");
        var gap = Array.FindIndex(lines, line => line.Contains("\"type\":\"gap\"", StringComparison.Ordinal));
        string[] moved = [.. lines];
        (moved[gap], moved[gap + 1]) = (moved[gap + 1], moved[gap]);
        yield return (moved, gap + 1, "BrokenChain");
        var signature = Array.FindIndex(lines, line => line.StartsWith("{\"signature\"", StringComparison.Ordinal));
        string[] forged = [.. lines];
        forged[signature] = lines[signature][..^10] + (lines[signature][^10] == 'A' ? "B" : "A") + lines[signature][^9..];
        yield return (forged, signature + 1, "BadSignature");
    }

    async Task RunUntilAsync(string what, Func<Task<bool>> isSo)
    {
        await using var agent = _site.StartAgent();
        await agent.UntilAsync(what, isSo);
        await agent.StopCleanlyAsync();
    }

    Task<EndedProcess> VerifyAsync(string name) => Programs.RunAgentAsync("verify", Carried(name), "--jwks", _site.PinFile);

    string Carried(string name) => _site.InFolder($"tmp/{name}.jsonl");

    async Task<int> PendingAsync()
    {
        var told = await RunAsync("outbox", "status");
        return int.Parse(Regex.Match(told.Output, "^pending +([0-9]+)", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    Task<EndedProcess> TakeAsync(string file, string receipts) => _site.OfficeAsync("take", Carried(file), "--receipts", Carried(receipts));

    Task<EndedProcess> RunAsync(params string[] verb) => Programs.RunAgentAsync([.. verb, "--config", _site.Configuration]);
}
