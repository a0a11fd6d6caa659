using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>A code goes from an officer to a technician; agent and server find each other by it, with the real executables.</summary>
internal sealed class EnrolmentTests
{
    [Test]
    public async Task Enrolled_while_it_runs_it_delivers_and_revoked_it_measures_on_until_it_is_enrolled_anew()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync();
        site.Configure(site.Server, carried: false, tickEvery: "00:00:10");
        await using var agent = site.StartAgent();
        await agent.UntilAsync("it says that it must be enrolled", () => agent.Output.Contains("is not enrolled", StringComparison.Ordinal));
        var code = await site.CodeAsync();

        var enrolled = await site.EnrolAsync(site.Server, code);

        Assert.That(enrolled.ExitCode, Is.Zero, enrolled.Output + enrolled.Errors);
        Assert.That(enrolled.Output, Does.Contain("is enrolled by audit-server").And.Contain("receipts are signed with key"));
        Assert.That(await site.HasAsync("enrol"), Is.True);
        await agent.UntilAsync("a receipt is in the ledger", () => site.HasAsync("receipt"));

        using (var stranger = new TestSite())
        {
            stranger.Configure(site.Server, carried: false);
            var second = await stranger.EnrolAsync(site.Server, code);
            Assert.That(second.ExitCode, Is.EqualTo(1));
            Assert.That(second.Errors.Trim(), Does.Contain("was enrolled with this code before").And.Not.Contain("\n"));
            Assert.That(File.Exists(Path.Combine(stranger.Data, "audit-server.json")), Is.False);
        }

        Assert.That(await site.FindingsAsync(), Does.Contain("CodeReused"));

        var name = (await File.ReadAllTextAsync(Path.Combine(site.Data, "agent.id"))).Trim();
        Assert.That((await site.OfficeAsync("revoke", "--agent", name)).ExitCode, Is.Zero);
        var before = await CountAsync(site, "heartbeat");
        await agent.UntilAsync("it says that it is revoked", () => agent.Output.Contains("has revoked this agent's key", StringComparison.Ordinal));
        await agent.UntilAsync("it measures on", async () => await CountAsync(site, "heartbeat") > before);

        var fresh = await site.CodeAsync();
        var still = await site.EnrolAsync(site.Server, fresh);
        Assert.That((still.ExitCode, still.Errors.Trim()), Is.EqualTo((1, "The audit server has revoked this agent's key. Change it with 'retention-agent key rotate', then enrol again with the same code.")));
        Assert.That((await Programs.RunAgentAsync("key", "rotate", "--config", site.Configuration)).ExitCode, Is.Zero);
        var anew = await site.EnrolAsync(site.Server, fresh);
        Assert.That(anew.ExitCode, Is.Zero, anew.Errors);
        var receipts = await CountAsync(site, "receipt");
        await agent.UntilAsync("delivery goes on", async () => await CountAsync(site, "receipt") > receipts);

        await agent.StopCleanlyAsync();
        Assert.That(await CountAsync(site, "enrol"), Is.EqualTo(2));
        var check = await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration);
        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors);
        var secret = code[7..];
        foreach (var file in Directory.GetFiles(site.Folder, "*", SearchOption.AllDirectories).Where(f => !f.StartsWith(site.Recordings, StringComparison.Ordinal) && !f.StartsWith(site.InFolder("tmp"), StringComparison.Ordinal)))
            Assert.That((await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)), Is.Negative, file);
    }

    [Test]
    public async Task Whoever_swaps_a_key_on_the_way_is_refused_by_both_sides()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync();
        await using var middle = new ForwardingListener(site.Server);
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        site.Configure(site.Server, carried: false);
        var code = await site.CodeAsync();

        middle.ChangeRequest = bytes => WithKey(bytes, own);
        var request = await site.EnrolAsync(middle.Url, code);
        middle.ChangeRequest = bytes => bytes;
        middle.ChangeReply = bytes => WithKeys(bytes, own);
        var reply = await site.EnrolAsync(middle.Url, code);

        Assert.That((request.ExitCode, reply.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(request.Errors, Does.Contain("does not accept the code"));
        Assert.That(reply.Errors, Does.Contain("Whoever answered does not hold the code"));
        Assert.That(File.Exists(Path.Combine(site.Data, "audit-server.json")), Is.False);
        Assert.That(await site.HasAsync("enrol"), Is.False);
        var travelled = middle.Accepted.Where(exchange => exchange.Path == "/v1/enrolments").ToList();
        Assert.That(travelled, Is.Not.Empty);
        Assert.That(travelled.Any(exchange => exchange.Request.AsSpan().IndexOf(Encoding.ASCII.GetBytes(code[7..12])) >= 0), Is.False);

        middle.ChangeReply = bytes => bytes;
        var honest = await site.EnrolAsync(middle.Url, code);
        Assert.That(honest.ExitCode, Is.Zero, "the answer that was spoilt is given again: " + honest.Errors);
    }

    [Test]
    public async Task What_cannot_work_is_told_in_one_sentence()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync();
        site.Configure(upstream: null);
        var code = await site.CodeAsync("HZ-0002");

        var wrongSite = await site.EnrolAsync(site.Server, code);
        var mistyped = await site.EnrolAsync(site.Server, (code[0] == 'A' ? 'B' : 'A') + code[1..]);
        var nobody = await site.EnrolAsync(new Uri($"http://127.0.0.1:{Programs.FreePort()}"), code);
        var plain = await site.EnrolAsync(new Uri("http://audit.example"), code);

        Assert.That((wrongSite.ExitCode, mistyped.ExitCode, nobody.ExitCode, plain.ExitCode), Is.EqualTo((1, 1, 1, 64)));
        Assert.That(wrongSite.Errors.Trim(), Is.EqualTo("The code is for another site than the configuration names (site.id)."));
        Assert.That(mistyped.Errors, Does.Contain("typing error").And.Contain("Nothing was sent"));
        Assert.That(nobody.Errors, Does.Contain("could not be reached"));
        Assert.That(plain.Errors, Does.Contain("must be https"));
    }

    static async Task<int> CountAsync(TestSite site, string type) => (await site.ExportAsync()).Count(entry => TestSite.TypeOf(entry) == type);

    // As good as somebody without the code can do it: the key swapped for one's own, and signed with that.
    static byte[] WithKey(byte[] request, ECDsa own)
    {
        var payload = JsonElement.Parse(Base64Url.DecodeFromChars(JsonElement.Parse(request).GetProperty("enrolment").GetString()!.Split('.')[1]));
        var changed = payload.GetRawText().Replace(payload.GetProperty("key").GetRawText(), Jwk.FromKey(own).ToJson(), StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes($$"""{"enrolment":"{{Jws.Sign(Encoding.UTF8.GetBytes(changed), StatementTypes.Enrolment, own)}}"}""");
    }

    static byte[] WithKeys(byte[] reply, ECDsa own)
    {
        var answer = JsonElement.Parse(reply);
        return Encoding.UTF8.GetBytes(answer.GetRawText().Replace(answer.GetProperty("keys")[0].GetRawText(), Jwk.FromKey(own).ToJson(), StringComparison.Ordinal));
    }
}
