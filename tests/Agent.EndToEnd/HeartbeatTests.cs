using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The service and the audit server as a site and an authority run them.</summary>
internal sealed class HeartbeatTests
{
    [Test]
    public async Task A_heartbeat_is_measured_signed_receipted_and_the_run_ends_in_order()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync();
        await site.CarryServerKeysAsync();
        site.Configure(site.Server);
        var before = site.WhatMustStay();

        await using var agent = site.StartAgent();
        await site.PinAsync(agent);
        await agent.UntilAsync("a receipt is in the ledger", () => site.HasAsync("receipt"));
        var known = await site.KnownToServerAsync();
        var whileRunning = await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration);
        var stopped = await agent.StopAsync();
        var serverStopped = await server.StopAsync();

        Assert.That(stopped.ExitCode, Is.Zero, stopped.Output + stopped.Errors);
        Assert.That(serverStopped.ExitCode, Is.Zero, serverStopped.Output + serverStopped.Errors);
        Assert.That(whileRunning.ExitCode, Is.Zero, whileRunning.Errors);
        await AssertLedgerAsync(site);
        AssertKnown(known);
        AssertStatusLog(site, stopped);
        Assert.That(site.WhatMustStay(), Is.EqualTo(before));
        Assert.That(site.LeftBehind(), Is.Empty);
    }

    [Test]
    public async Task What_was_stated_while_there_was_no_server_is_delivered_when_it_comes()
    {
        using var site = new TestSite();
        await using (var first = await site.StartServerAsync())
        {
            await site.CarryServerKeysAsync();
            await first.StopAsync();
        }
        site.Configure(site.Server);
        await using var agent = site.StartAgent();
        await site.PinAsync(agent);
        await agent.UntilAsync("a heartbeat waits", () => agent.Output.Contains("wait for the audit server", StringComparison.Ordinal));
        Assert.That(await site.HasAsync("receipt"), Is.False);
        await agent.StopAsync();
        await using var again = site.StartAgent();
        await again.UntilAsync("two heartbeats wait", () => again.Output.Contains("2 statement(s) wait for the audit server", StringComparison.Ordinal));

        await using var server = await site.StartServerAsync();

        await again.UntilAsync("all are receipted", async () => await ReceiptedAsync(site) is var (stated, receipted) && stated >= 2 && stated == receipted);
        var stopped = await again.StopAsync();
        Assert.That(stopped.ExitCode, Is.Zero);
        var (made, accepted) = await ReceiptedAsync(site);
        Assert.That(accepted, Is.EqualTo(made));
        await AssertLedgerAsync(site);
    }

    [Test]
    public async Task A_second_service_on_the_same_data_directory_is_refused_and_the_first_goes_on()
    {
        using var site = new TestSite();
        site.Configure(upstream: null);
        await using var agent = site.StartAgent();
        await agent.UntilAsync("a heartbeat is in the ledger", () => site.HasAsync("heartbeat"));

        await using var second = site.StartAgent();
        var refused = await second.EndAsync();

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain("another agent runs"));
        await agent.StopCleanlyAsync();
        Assert.That((await site.ExportAsync()).Count(entry => TestSite.TypeOf(entry) == "start"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_that_was_killed_leaves_a_ledger_that_holds_and_goes_on()
    {
        using var site = new TestSite();
        site.Configure(upstream: null);
        await using (var killed = site.StartAgent())
            await killed.UntilAsync("a heartbeat is in the ledger", () => site.HasAsync("heartbeat"));
        var left = await site.ExportAsync();

        await using var again = site.StartAgent();
        await again.UntilAsync("it went on", async () => (await site.ExportAsync()).Count > left.Count + 1);
        var stopped = await again.StopAsync();

        Assert.That(stopped.ExitCode, Is.Zero, stopped.Output + stopped.Errors);
        var whole = await site.ExportAsync();
        Assert.That(whole.Take(left.Count), Is.EqualTo(left));
        Assert.That(TestSite.TypeOf(whole[left.Count]), Is.EqualTo("start"));
        Assert.That((await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration)).ExitCode, Is.Zero);
    }

    static async Task AssertLedgerAsync(TestSite site)
    {
        var export = await site.ExportAsync();
        Assert.That(TestSite.TypeOf(export[0]), Is.EqualTo("start"));
        Assert.That(TestSite.TypeOf(export[^1]), Is.EqualTo("stop"));
        // What enters the ledger travels: no name, no path.
        foreach (var name in new[] { TestSite.WholeCamera, TestSite.HoleyCamera, "recordings", site.Folder })
            Assert.That(string.Join('\n', export), Does.Not.Contain(name));
        // A short name of a host may stand in a signature by chance, but not as a word.
        Assert.That(string.Join('\n', export), Does.Not.Match($"(?<![A-Za-z0-9_-]){Regex.Escape(Environment.MachineName)}(?![A-Za-z0-9_-])"));

        var check = await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration);
        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors);
        Assert.That(check.Output, Does.Contain($"holds: {export.Count} entries").And.Contain("every heartbeat is signed"));

        var file = site.InFolder("export.jsonl");
        var written = await Programs.RunAgentAsync("ledger", "export", "--config", site.Configuration, "--output", file);
        var verified = await Programs.RunAgentAsync("verify", file, "--jwks", site.ServerKeys);
        var again = await Programs.RunAgentAsync("ledger", "export", "--config", site.Configuration, "--output", file);
        File.Delete(file);
        Assert.That(written.ExitCode, Is.Zero, written.Errors);
        Assert.That(verified.ExitCode, Is.Zero, verified.Output + verified.Errors);
        Assert.That(verified.Output, Does.Contain($"The ledger export holds: {export.Count} entries"));
        Assert.That(again.ExitCode, Is.EqualTo(1), "an existing file is never written over");
    }

    static void AssertKnown(JsonElement? known)
    {
        Assert.That(known, Is.Not.Null);
        Assert.That(known!.Value.GetProperty("site").GetString(), Is.EqualTo(TestSite.Id));
        var cameras = known.Value.GetProperty("heartbeat").GetProperty("cameras").EnumerateArray().ToList();
        Assert.That(cameras.Select(c => c.GetProperty("thresholds")[0].GetProperty("verdict").GetString()), Is.EquivalentTo(["met", "breached"]));
        Assert.That(known.Value.GetProperty("findings").GetInt64(), Is.Zero);
    }

    static void AssertStatusLog(TestSite site, EndedProcess stopped)
    {
        var log = string.Concat(Directory.GetFiles(Path.Combine(site.Data, "logs"), "status-*.log").Select(File.ReadAllText));
        Assert.That(log, Does.Contain($"{TestSite.WholeCamera}: 8 d 0 h without a break; Hangzhou Art. 19, 7 d: met"));
        Assert.That(log, Does.Match($"{TestSite.HoleyCamera}: .* without a break; Hangzhou Art. 19, 7 d: breached"));

        var key = Path.Combine(site.Data, "agent.key.pem");
        var salt = Path.Combine(site.Data, "agent.salt");
        var secrets = File.ReadAllLines(key).Where(line => !line.StartsWith("---", StringComparison.Ordinal) && line.Length > 0)
            .Append(Convert.ToHexStringLower(File.ReadAllBytes(salt))).Append(Convert.ToBase64String(File.ReadAllBytes(salt))).Append("PRIVATE KEY");
        foreach (var secret in secrets)
            Assert.That(log + stopped.Output + stopped.Errors, Does.Not.Contain(secret).IgnoreCase);
        if (OperatingSystem.IsWindows())
            return;
        Assert.That(File.GetUnixFileMode(key), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(salt), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    static async Task<(int Stated, int Receipted)> ReceiptedAsync(TestSite site)
    {
        var types = (await site.ExportAsync()).Select(TestSite.TypeOf).ToList();
        return (types.Count(t => t == "heartbeat"), types.Count(t => t == "receipt"));
    }
}
