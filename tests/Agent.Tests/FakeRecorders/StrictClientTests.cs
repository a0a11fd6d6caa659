using System.Diagnostics;
using FakeRecorder;
using FakeRecorder.Answers;
using FakeRecorder.Logins;
using NUnit.Framework;

namespace Agent.Tests.FakeRecorders;

/// <summary>
/// What the made-up recorder answers is held against the official service descriptions by people who did not write it: python3-zeep in
/// strict mode, and libxml2 with the schemas. A recorder that invents its own protocol would prove nothing.
/// </summary>
internal sealed class StrictClientTests
{
    const string Python = "/usr/bin/python3";

    static readonly RecorderLogin Login = new("admin", "pa:ss\"wörd");
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    static string Descriptions => Repository.RepositoryTree.PathOf("..", "shared", "fixtures", "onvif", "wsdl");

    [Test]
    public async Task Every_answer_of_every_personality_is_what_the_schemas_say_or_named_as_a_deviation([Values] Personality personality)
    {
        var quirks = Personalities.Of(personality);
        string[] modes = quirks.Login switch { LoginMode.Token => [quirks.TokensByToldClock ? "told-token" : "token"], LoginMode.DigestOrToken => ["digest", "token"], _ => ["digest"] };
        foreach (var mode in modes)
        {
            await using var recorder = await RunningRecorder.StartAsync(Script(personality) with { Login = Login });
            var judged = await JudgeAsync(recorder.Address, mode);
            Assert.Multiple(() =>
            {
                Assert.That(judged.Select(answer => answer.Operation).Distinct().Count(), Is.GreaterThan(18), "operations asked");
                Assert.That(judged.Where(answer => !IsExpected(quirks, answer)), Is.Empty, mode);
                Assert.That(quirks.Deviations.Keys.Except(judged.Where(answer => answer.Judgement != "ok").Select(answer => answer.Operation)), Is.Empty, "deviations that are none");
                Assert.That(recorder.Complaints, Is.Empty, "what zeep asks is what the recorder takes for valid");
                Assert.That(recorder.WrongLogins, Is.Zero);
            });
        }
    }

    [Test]
    public async Task A_recorder_without_a_login_answers_the_same()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script(Personality.Plain));
        Assert.That((await JudgeAsync(recorder.Address, "none")).Where(answer => answer.Judgement != "ok"), Is.Empty);
    }

    [Test]
    public async Task The_judge_finds_an_answer_that_is_not_valid()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script(Personality.Plain) with { Fault = Fault.NonsenseTimes });
        var judged = await JudgeAsync(recorder.Address, "none");
        Assert.That(judged.Where(answer => answer.Judgement != "ok").Select(answer => answer.Operation).Distinct(), Is.EqualTo(new[] { "GetEventSearchResults" }));
    }

    // Three days of two cameras with every kind of join, so that every personality has events to page through.
    static RecorderScript Script(Personality personality)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Personality = personality,
            ClockOffset = TimeSpan.FromSeconds(-10),
            Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>>
            {
                ["Gate & yard <1>"] = [.. Enumerable.Range(0, 72).Select(hour => (now.AddHours(hour - 72), now.AddHours(hour - 71)))],
                ["大门"] = [.. Enumerable.Range(0, 30).Select(hour => (now.AddHours((2 * hour) - 70), now.AddHours((2 * hour) - 69)))],
            },
        };
    }

    static bool IsExpected(Quirks quirks, (string Operation, string Judgement) answer) =>
        answer.Judgement == "ok" || quirks.Deviations.ContainsKey(answer.Operation) ||
        (answer.Judgement.StartsWith("Fault: ", StringComparison.Ordinal) && answer.Operation switch
        {
            "GetServices" => quirks.LacksGetServices,
            "FindEvents" => !quirks.FindsEvents,
            "GetMediaAttributes" => quirks.MediaAttributes == MediaAttributesForm.None,
            "EndSearch" => quirks.DropsCompletedSessions,
            _ => false,
        });

    static async Task<List<(string Operation, string Judgement)>> JudgeAsync(Uri address, string mode)
    {
        if (!Directory.Exists(Descriptions))
            Assert.Ignore("the official ONVIF service descriptions are not beside the repository (../shared/fixtures/onvif/wsdl): no answer was held against them");
        if (!File.Exists("/usr/lib/python3/dist-packages/zeep/__init__.py"))
            Assert.Ignore("python3-zeep is missing: no answer was held against the official ONVIF service descriptions");
        var script = Repository.RepositoryTree.PathOf("tests", "Agent.Tests", "FakeRecorders", "strict_client.py");
        using var python = Process.Start(new ProcessStartInfo(Python, [script, address.ToString(), Path.GetFullPath(Descriptions), mode, .. mode == "none" ? Array.Empty<string>() : [Login.User]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
            Environment = { ["PYTHONIOENCODING"] = "utf-8", ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        await python.StandardInput.WriteLineAsync(Login.Password);
        python.StandardInput.Close();
        var errors = python.StandardError.ReadToEndAsync();
        using var late = new CancellationTokenSource(Deadline);
        var output = await python.StandardOutput.ReadToEndAsync(late.Token);
        await python.WaitForExitAsync(late.Token);
        Assert.That(python.ExitCode, Is.Zero, await errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t') is [var operation, var judgement] ? (operation, judgement) : ("", line))];
    }
}
