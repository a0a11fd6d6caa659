using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>
/// The agent killed again and again at random moments, the audit server now and then, a key changed now and then. Every start does at
/// once what a day brings: entries, a heartbeat, its delivery. <c>RETENTION_KILLS</c> sets how often (60), <c>RETENTION_SEED</c> where
/// the dice begin (1).
/// </summary>
[Platform("Linux")]
internal sealed class KillLoopTests
{
    static readonly int Kills = Campaign.Setting("RETENTION_KILLS", 60);
    static readonly int Seed = Campaign.Setting("RETENTION_SEED", 1);

    // What a start is waited for before the dice say how much longer it lives: nothing, its ledger, its verdicts, after which a heartbeat
    // is made, sent and receipted. So kills fall into all of it, however slow the machine is.
    static readonly (string? Word, int MostMilliseconds)[] Deaths = [(null, 1500), (" measures ", 600), (" without a break", 100), (" without a break", 400), (" without a break", 400)];
    static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(5);

    readonly Random _dice = new(Seed);
    readonly List<DateTimeOffset> _starts = [];
    int _serverKills, _rotations;

    [Test]
    public async Task Whenever_it_is_killed_nothing_is_lost_nothing_comes_twice_and_it_is_soon_back()
    {
        using var site = new TestSite(TimeSpan.FromHours(2));
        var server = await site.StartServerAsync();
        try
        {
            await site.CarryServerKeysAsync();
            Configure(site);
            for (var i = 0; i < Kills; i++)
                server = await LiveAndDieAsync(site, server, pin: i == 0);

            await site.UntilServerAnswersAsync(server);
            await DrainAsync(site);
            await server.StopCleanlyAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }

        var export = await site.ExportAsync();
        var starts = Starts(export);
        AssertDelivered(export, ServerEvidence.Of(site), await File.ReadAllTextAsync(site.ServerKeys));
        Assert.That(Directory.Exists(Path.Combine(site.Data, "quarantine")), Is.False);
        var check = await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration);
        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors);
        Assert.That(starts.Max(), Is.LessThan(LongestStart));
    }

    // The first life lasts until the audit server knows the key; every other one as long as the dice say.
    async Task<CaptiveProcess> LiveAndDieAsync(TestSite site, CaptiveProcess server, bool pin)
    {
        var (word, most) = Deaths[_dice.Next(Deaths.Length)];
        var life = _dice.Next(most);
        var serverDies = _dice.Next(8) == 0 ? _dice.Next(life + 1) : (int?)null;
        if (!pin && _dice.Next(12) == 0)
            await File.WriteAllTextAsync(Path.Combine(site.Data, "key-rotate.request"), $"{_rotations++}");

        await using var agent = Start(site);
        if (pin)
            await site.PinAsync(agent);
        if (word is not null)
            await agent.UntilAsync($"it says '{word}'", () => agent.Output.Contains(word, StringComparison.Ordinal));

        if (serverDies is { } moment)
        {
            await Task.Delay(moment);
            await server.DisposeAsync();
            server = site.BeginServer();
            _serverKills++;
        }

        await Task.Delay(life - (serverDies ?? 0));
        Assert.That(agent.HasEnded, Is.False, $"seed {Seed}, start {_starts.Count}: {agent.Output}{agent.Errors}");
        return server;
    }

    async Task DrainAsync(TestSite site)
    {
        await using var agent = Start(site);
        await agent.UntilAsync("everything is receipted", async () =>
        {
            // The start of this last run, too: the one before it may have left nothing to send.
            var entries = Decoded(await site.ExportAsync());
            return entries.Last(e => e.Type == EntryTypes.Start) is var begun && begun.Time >= _starts[^1].AddMilliseconds(-1)
                && entries.Any(e => e.Type == EntryTypes.Heartbeat && e.Seq > begun.Seq)
                && entries.Count(IsStatement) == entries.Count(e => e.Type == EntryTypes.Receipt);
        });
        var stopped = await agent.StopAsync();
        Assert.That(stopped.ExitCode, Is.Zero, stopped.Output + stopped.Errors);
    }

    CaptiveProcess Start(TestSite site)
    {
        _starts.Add(TimeProvider.System.GetUtcNow());
        return site.StartAgent();
    }

    static void AssertDelivered(IReadOnlyList<string> export, ServerEvidence server, string serverKeys)
    {
        var entries = Decoded(export);
        var stated = entries.Where(IsStatement).Select(e => e.Seq).ToList();
        Assert.That(entries.Select(e => e.Seq), Is.EqualTo(Enumerable.Range(1, entries.Count).Select(n => (long)n)));
        Assert.That(server.Epochs, Is.EqualTo([entries[0].Epoch.ToString()]), "one life of the ledger");
        Assert.That(server.Entries.Select(e => e.Seq), Is.EqualTo(Enumerable.Range(1, (int)stated[^1]).Select(n => (long)n)), "every entry, once");
        Assert.That(server.Entries.Select(e => e.Bytes), Is.EqualTo(export.Take((int)stated[^1])), "byte for byte");
        Assert.That(entries.Skip((int)stated[^1]).Select(e => e.Type).Distinct(), Is.SubsetOf([EntryTypes.Receipt, EntryTypes.Stop, EntryTypes.Commitment]), "only what comes after the last statement is still here");

        var keys = JwkSet.Parse(serverKeys);
        Assert.That(server.Receipts.Select(r => r.Seq), Is.EqualTo(stated));
        foreach (var (seq, jws) in server.Receipts)
            Assert.That(StatementVerifier.VerifyReceipt(jws, keys.Find, Encoding.UTF8.GetBytes(export[(int)seq - 1])).Fault, Is.Null, $"seq {seq}");
        // Taken in the order of the ledger, and each receipt is in the ledger once.
        Assert.That(server.Received, Is.Ordered);
        Assert.That(
            entries.Where(e => e.Type == EntryTypes.Receipt).Select(e => JsonDocument.Parse(e.Body).RootElement.GetProperty("jws").GetString()),
            Is.EqualTo(server.Receipts.Select(r => r.Jws)));
    }

    // From the start of each process to its first entry, of those that lived to write one.
    List<TimeSpan> Starts(IReadOnlyList<string> export)
    {
        var entries = Decoded(export);
        var begun = entries.Where(e => e.Type == EntryTypes.Start).ToList();
        var took = new List<TimeSpan>();
        for (var i = 0; i < _starts.Count; i++)
        {
            var next = i + 1 < _starts.Count ? _starts[i + 1] : DateTimeOffset.MaxValue;
            if (begun.Find(e => e.Time >= _starts[i].AddMilliseconds(-1) && e.Time < next) is { } entry)
                took.Add(entry.Time - _starts[i]);
        }

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {Seed}: {Kills} kills of the agent, {_serverKills} of the audit server, {_rotations} changes of key asked for; {entries.Count} entries, {entries.Count(e => e.Type == EntryTypes.Receipt)} receipts; {Kills + 1 - took.Count} starts killed before their first entry; longest start {took.Max().TotalSeconds:0.000} s, mean {took.Average(t => t.TotalSeconds):0.000} s"));
        Assert.That(took, Has.Count.EqualTo(begun.Count));
        return took;
    }

    static List<LedgerEntry> Decoded(IEnumerable<string> export) => [.. export.Select(line => EntryCodec.Decode(Encoding.UTF8.GetBytes(line)))];

    static bool IsStatement(LedgerEntry entry) => entry.Type is EntryTypes.Heartbeat or EntryTypes.Tick;

    static void Configure(TestSite site)
    {
        site.Configure(site.Server);
        var configuration = JsonNode.Parse(File.ReadAllText(site.Configuration))!;
        configuration["challenge"] = new JsonObject { ["lookEvery"] = "00:00:01", ["samplesPerCameraDay"] = 1 };
        configuration["secondOpinion"] = new JsonObject { ["filesPerLook"] = 0 }; // quick rounds
        configuration["upstream"]!["firstPause"] = "00:00:00.1";
        File.WriteAllText(site.Configuration, configuration.ToJsonString());
    }
}
