using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary><c>key</c> and <c>secret</c> with the real executable, the service stopped and running.</summary>
internal sealed class KeyTests : IDisposable
{
    const string Password = "S3cret-of-the-recorder";

    readonly TestSite _site = new();

    [Test]
    public async Task The_key_is_changed_with_the_service_stopped_and_running()
    {
        _site.Configure(upstream: null);
        var before = await RunAsync("key", "rotate");
        Assert.That(before.ExitCode, Is.EqualTo(1), "no agent has run yet");
        Assert.That(Directory.Exists(_site.Data) && File.Exists(Path.Combine(_site.Data, "agent.key.pem")), Is.False, "and none is made");

        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(_site.Server);
        await using (var agent = _site.StartAgent())
        {
            await agent.UntilAsync("a heartbeat is in the ledger", () => _site.HasAsync("heartbeat"));
            var early = await RunAsync("key", "rotate");
            Assert.That(early.ExitCode, Is.EqualTo(1));
            Assert.That(early.Errors, Does.Contain("no audit server knows the present key yet"));
            await _site.PinAsync(agent);
            await agent.UntilAsync("a receipt is in the ledger", () => _site.HasAsync("receipt"));
            var asked = await RunAsync("key", "rotate");
            Assert.That(asked.ExitCode, Is.Zero, asked.Output + asked.Errors);
            Assert.That(asked.Errors, Does.Contain("The service runs"));
            await agent.StopCleanlyAsync();
        }

        var alone = await RunAsync("key", "rotate");
        Assert.That(alone.ExitCode, Is.Zero, alone.Output + alone.Errors);

        var stated = await HeartbeatsAsync();
        await using (var again = _site.StartAgent())
        {
            await again.UntilAsync("it goes on", async () => await HeartbeatsAsync() > stated);
            await again.StopCleanlyAsync();
        }

        Assert.That((await _site.ExportAsync()).Count(e => TestSite.TypeOf(e) == "key-rotate"), Is.EqualTo(2));
        var check = await RunAsync("ledger", "check");
        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors);
        Assert.That(check.Output, Does.Contain("2 retired"));
        var shown = await RunAsync("key", "show");
        Assert.That(shown.Output.Split('\n').Count(line => line.StartsWith("retired", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(shown.Output, Does.Not.Contain("PRIVATE").And.Not.Contain("\"d\""));
    }

    [Test]
    public async Task A_stored_password_is_in_no_log_no_argument_no_environment_no_ledger_and_no_heartbeat()
    {
        await using var server = await _site.StartServerAsync();
        await _site.CarryServerKeysAsync();
        _site.Configure(_site.Server);
        Write(recorder => (recorder["username"], recorder["password"]) = ("admin", "secret:nvr"));
        var missing = await RunAsync("config", "validate");
        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.Errors, Does.Contain("there is no secret 'nvr'"));

        var set = await StoreAsync();
        Assert.That(set.ExitCode, Is.Zero, set.Errors);
        var told = set.Output + set.Errors;
        await using var agent = _site.StartAgent();
        await _site.PinAsync(agent);
        await agent.UntilAsync("a receipt is in the ledger", () => _site.HasAsync("receipt"));
        if (OperatingSystem.IsLinux())
            foreach (var file in new[] { "cmdline", "environ" })
                Assert.That(await File.ReadAllTextAsync($"/proc/{agent.Id}/{file}"), Does.Not.Contain(Password));
        var stopped = await agent.StopAsync();
        await server.StopAsync();

        told += stopped.Output + stopped.Errors + (await RunAsync("config", "validate")).Output + (await RunAsync("secret", "list")).Output;
        Assert.That(stopped.ExitCode, Is.Zero, told);
        Assert.That(told, Does.Contain("nvr").And.Not.Contain(Password));
        // Data, status log and ledger of the agent, everything the server was sent, the configuration.
        var files = Directory.GetFiles(_site.Folder, "*", SearchOption.AllDirectories).Where(f => !f.StartsWith(_site.Recordings, StringComparison.Ordinal)).ToList();
        Assert.That(files.Select(Path.GetFileName), Has.Member("ledger.db").And.Member("secrets.json"));
        Assert.That(files.Where(f => File.ReadAllBytes(f).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(Password)) >= 0), Is.Empty);
    }

    [Test]
    public async Task A_password_that_cannot_be_decrypted_stops_the_service_by_name()
    {
        _site.Configure(upstream: null);
        Write(recorder => (recorder["username"], recorder["password"]) = ("admin", "secret:nvr"));
        await StoreAsync();
        File.Delete(Path.Combine(_site.Data, "agent.secret"));

        await using var agent = _site.StartAgent();
        var refused = await agent.EndAsync();

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Errors, Does.Contain("'nvr'").And.Not.Contain("   at "));
    }

    [Test]
    public async Task A_bare_password_is_refused_by_every_verb_without_being_shown()
    {
        _site.Configure(upstream: null);
        Write(recorder => (recorder["username"], recorder["password"]) = ("admin", Password));

        foreach (var verb in new string[][] { ["config", "validate"], ["run"], ["check"], ["key", "show"], ["ledger", "check"] })
        {
            var refused = await RunAsync(verb);
            Assert.That(refused.ExitCode, Is.Not.Zero, string.Join(' ', verb));
            Assert.That(refused.Errors, Does.Contain("retention-agent secret set NAME"));
            Assert.That(refused.Output + refused.Errors, Does.Not.Contain(Password));
        }
    }

    public void Dispose() => _site.Dispose();

    async Task<int> HeartbeatsAsync() => (await _site.ExportAsync()).Count(e => TestSite.TypeOf(e) == "heartbeat");

    Task<EndedProcess> RunAsync(params string[] verb) => Programs.RunAgentAsync([.. verb, "--config", _site.Configuration]);

    async Task<EndedProcess> StoreAsync()
    {
        await using var set = CaptiveProcess.Start(Programs.Agent, ["secret", "set", "nvr", "--config", _site.Configuration], input: Password + "\n");
        return await set.EndAsync();
    }

    void Write(Action<JsonObject> change)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(_site.Configuration))!;
        change(configuration["recorders"]![0]!.AsObject());
        File.WriteAllText(_site.Configuration, configuration.ToJsonString());
    }
}
