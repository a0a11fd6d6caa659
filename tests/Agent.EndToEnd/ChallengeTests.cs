using System.Globalization;
using System.Text.Json;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>The audit server asks the real agent for bytes it committed to, after somebody was at the recordings.</summary>
internal sealed class ChallengeTests
{
    [Test]
    public async Task Bytes_that_stayed_are_shown_and_bytes_that_were_replaced_are_found_out()
    {
        using var site = new TestSite();
        await using var server = await site.StartServerAsync("--challenge-after", "1");
        await site.CarryServerKeysAsync();
        site.Configure(site.Server, tickEvery: "00:00:10", challengeEvery: "00:00:02");
        await using var agent = site.StartAgent();
        await site.PinAsync(agent);
        // Both cameras are committed to before anything is asked: a question travels with the receipt for the next statement.
        await agent.UntilAsync("both cameras are committed to", async () => (await CommitmentsAsync(site)).Count == 2);
        var cameras = await CommitmentsAsync(site);

        foreach (var file in Directory.GetFiles(site.Recordings, "*.mp4", SearchOption.AllDirectories).Where(f => f.Contains(TestSite.HoleyCamera, StringComparison.Ordinal)))
            Replace(file);
        foreach (var file in Directory.GetFiles(site.Recordings, "*.mp4", SearchOption.AllDirectories).Where(f => f.Contains(TestSite.WholeCamera, StringComparison.Ordinal)))
            Rename(file);

        await agent.UntilAsync("both cameras were asked about and answered, of the one whose bytes were replaced the old ones too", async () =>
            (await ChallengesAsync(site)).Where(c => c.Outcome is not null).ToList() is var answered && answered.Select(c => c.Camera).Distinct().Count() == 2 && answered.Exists(c => c.Outcome == "failed"));
        var answers = (await ChallengesAsync(site)).Where(c => c.Outcome is not null).ToList();
        // New bytes that the agent committed to after they were put there pass, and rightly.
        var replaced = answers.Where(c => c.Outcome == "failed").Select(c => c.Camera).Distinct().ToList();
        Assert.That(replaced, Has.Count.EqualTo(1).And.SubsetOf(cameras));
        Assert.That(answers.Where(c => c.Camera != replaced[0]).Select(c => c.Outcome), Is.All.EqualTo("passed"), "bytes under another name are the same bytes");
        Assert.That(await site.FindingsAsync(), Does.Contain("ChallengeFailed").And.Not.Contain("ChallengeNotFound"));

        await agent.StopCleanlyAsync();
        var access = (await site.ExportAsync()).Where(entry => TestSite.TypeOf(entry) == "access").ToList();
        Assert.That(access, Is.Not.Empty);
        Assert.That(access, Is.All.Contains("""{"by":"audit-server","what":"challenge"}"""));
        Assert.That((await Programs.RunAgentAsync("ledger", "check", "--config", site.Configuration)).ExitCode, Is.Zero);
    }

    // The same size, the same time of writing, the same name: only one bit is another.
    static void Replace(string file)
    {
        var written = File.GetLastWriteTimeUtc(file);
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, written);
    }

    // To a second earlier or later, so that its recorder's layout still explains it.
    static void Rename(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var second = int.Parse(name[3..], CultureInfo.InvariantCulture);
        File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, string.Create(CultureInfo.InvariantCulture, $"{name[..3]}{(second == 0 ? 1 : second - 1):00}.mp4")));
    }

    static async Task<HashSet<string>> CommitmentsAsync(TestSite site) => await site.HasAsync("commitment")
        ?
        [
            .. (await site.ExportAsync()).Where(entry => TestSite.TypeOf(entry) == "commitment")
                .Select(entry => JsonDocument.Parse(entry).RootElement.GetProperty("body").GetProperty("camera").GetString()!),
        ]
        : [];

    static async Task<List<(string Camera, string? Outcome)>> ChallengesAsync(TestSite site) =>
        [.. (await site.HistoryAsync()).GetProperty("challenges").EnumerateArray().Select(c => (c.GetProperty("camera").GetString()!, c.GetProperty("outcome").GetString()))];
}
