using Agent.Tests;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>What the world and the operator get wrong: named, with the right exit code, and nothing else suffers.</summary>
internal sealed class BadInputTests : IDisposable
{
    const int Undetermined = 3;
    const int Nobody = 65534;

    readonly TemporaryFolder _folder = new();
    readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    [Test]
    public async Task A_missing_folder_is_named()
    {
        var check = await CheckedTree.OfAsync(Path.Combine(_folder.Path, "nowhere"));

        Assert.That(check.ExitCode, Is.EqualTo(Undetermined));
        Assert.That(check.Verdict, Is.EqualTo("undetermined"));
        Assert.That(check.Problems, Has.One.Contains("MissingFolder").And.One.Contains("nowhere"));
    }

    [Test]
    public async Task A_file_where_a_folder_belongs_is_named()
    {
        var check = await CheckedTree.OfAsync(_folder.Write("footage.mp4", "x"));

        Assert.That(check.ExitCode, Is.EqualTo(Undetermined));
        Assert.That(check.Problems, Has.One.Contains("is a file"));
    }

    [Test]
    public async Task A_folder_without_footage_is_told_and_left_as_it_is()
    {
        _folder.Write("readme.txt", "x");
        var before = Snapshot.Of(_folder.Path);

        var check = await CheckedTree.OfAsync(_folder.Path);

        Assert.That(check.ExitCode, Is.EqualTo(Undetermined));
        Assert.That(check.Problems, Has.One.Contains("NoFootage"));
        Assert.That(Snapshot.Of(_folder.Path), Is.EqualTo(before));
    }

    [TestCase("03.00.mp4", "UnreadableContainer")]
    [TestCase("04.00.mp4", "EmptyFile")]
    [TestCase("05.00.mp4", "TruncatedFile")]
    [TestCase("06.00.mp4", "UnreadableContainer", "end was never written")]
    public async Task A_bad_file_is_named_and_every_other_camera_is_measured(string name, string code, string words = "")
    {
        SeedEightDays("good");
        var bad = Directory.CreateDirectory(Path.Combine(_folder.Path, _now.AddDays(-1).ToString("yyyy-MM-dd/HH", null), "bad")).FullName;
        var file = Path.Combine(bad, name);
        await File.WriteAllBytesAsync(file, (code, words) switch
        {
            ("EmptyFile", _) => [],
            ("TruncatedFile", _) => await TornAsync(SeededTree.StreamableClip()),
            (_, "") => [.. Enumerable.Repeat("this is no container. "u8.ToArray(), 100).SelectMany(b => b)],
            _ => await TornAsync(SeededTree.Clip()),
        });
        File.SetLastWriteTimeUtc(file, _now.AddHours(-1).UtcDateTime);
        var before = Snapshot.Of(_folder.Path);

        var check = await CheckedTree.OfAsync(_folder.Path, "--require", "7d");

        Assert.That(check.Problems, Has.One.StartsWith(code).And.One.Contains($"bad/{name}").And.One.Contains(words));
        AssertMeasured(check, "good");
        Assert.That(check.Camera("bad").GetProperty("verdict").GetString(), Is.Not.EqualTo("met"));
        Assert.That(check.ExitCode, Is.Not.Zero);
        Assert.That(Snapshot.Of(_folder.Path), Is.EqualTo(before));
    }

    [TestCase("it's \"quoted\" -i x")]
    [TestCase("-o")]
    [TestCase("--config=x")]
    [TestCase("two\nlines")]
    [TestCase("\u001b[31mred\u0007")]
    [TestCase("大门 $(reboot) ; %Y")]
    public async Task A_camera_with_a_strange_name_is_measured_like_any_other(string camera)
    {
        SeedEightDays("good");
        SeedEightDays(camera);
        await File.WriteAllTextAsync(Path.Combine(Directory.GetDirectories(_folder.Path)[0], "no time in this \u001b[2J.mp4"), "x");
        var before = Snapshot.Of(_folder.Path);

        var json = await CheckedTree.OfAsync(_folder.Path, "--require", "7d");
        var text = await Programs.RunAgentAsync("check", _folder.Path, "--require", "7d");

        AssertMeasured(json, "good");
        Assert.That(json.Cameras, Has.Count.EqualTo(2));
        AssertMeasured(json, json.Cameras.Single(c => c != "good"));
        Assert.That(json.Problems, Has.One.StartsWith("UnrecognisedName"));
        Assert.That(text.Output + text.Errors, Does.Not.Contain("\u001b").And.Not.Contain("\u0007").And.Not.Contain("two\nlines"));
        Assert.That(Snapshot.Of(_folder.Path), Is.EqualTo(before));
    }

    [Test]
    public async Task A_folder_that_may_not_be_read_is_unknown_and_every_other_camera_is_measured()
    {
        SeedEightDays("good");
        SeedEightDays("closed");
        foreach (var closed in Directory.GetDirectories(_folder.Path, "closed", SearchOption.AllDirectories))
            SetMode(closed, UnixFileMode.None);
        SetMode(_folder.Path, (UnixFileMode)0b111_101_101);
        string[] arguments = ["check", _folder.Path, "--json", "--require", "7d"];

        var check = CheckedTree.Of(Environment.IsPrivilegedProcess ? await RunAsNobodyAsync(arguments) : await Programs.RunAgentAsync(arguments));

        Assert.That(check.Problems, Has.Some.StartsWith("UnreadableFolder").And.Some.Contains("/closed: permission denied"));
        Assert.That(check.ExitCode, Is.EqualTo(Undetermined));
        AssertMeasured(check, "good");
        Assert.That(check.Camera("closed").GetProperty("verdict").GetString(), Is.EqualTo("undetermined"));
        Assert.That(check.Camera("closed").GetProperty("unknownSeconds").GetDouble(), Is.GreaterThan(7 * 86400));
    }

    [Test]
    public async Task A_folder_whose_disk_is_not_mounted_breaches_nothing()
    {
        var recordings = Directory.CreateDirectory(Path.Combine(_folder.Path, "recordings")).FullName;
        var file = _folder.Write("agent.json", $$"""
            {
              "site": { "id": "S1", "timeZone": "UTC" },
              "dataDirectory": "{{Path.Combine(_folder.Path, "data")}}",
              "recorders": [ { "id": "one", "path": "{{recordings}}", "layout": "frigate", "cameras": [ { "camera": "front", "commissioned": "2020-01-01" } ] } ]
            }
            """);

        var check = CheckedTree.Of(await Programs.RunAgentAsync("check", "--config", file, "--json"));

        Assert.That(check.Problems, Has.One.StartsWith("NoFootage"));
        Assert.That(check.Camera("front").GetProperty("verdict").GetString(), Is.EqualTo("undetermined"));
        Assert.That(check.ExitCode, Is.EqualTo(Undetermined));
    }

    [Test]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        var inTheWay = _folder.Write("a-file", "x");
        var file = _folder.Write("agent.json", $$"""
            {
              "site": { "id": "S1", "timeZone": "UTC" },
              "dataDirectory": "{{Path.Combine(inTheWay, "data")}}",
              "recorders": [ { "id": "one", "path": "{{_folder.Path}}" } ]
            }
            """);

        var ended = await Programs.RunAgentAsync("run", "--config", file);

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("dataDirectory").And.Contain(inTheWay).And.Not.Contain("   at "));
    }

    [Test]
    public async Task Every_mistake_of_a_configuration_is_listed_at_once()
    {
        var file = _folder.Write("agent.json", $$"""
            {
              "site": { "id": "HZ 0001", "timeZone": "Asia/Hangzhou" },
              "dataDirectory": "{{Path.Combine(_folder.Path, "data")}}",
              "polcy": { "requiredDays": 7 },
              "policy": { "requiredDays": 0, "dailyLoss": "half an hour" },
              "rounds": { "every": "1.00:00:00" },
              "recorders": [ { "id": "one", "path": "/srv", "layuot": "auto", "cameras": [ { "camera": "c", "commissioned": "9999-12-31" } ] }, { "id": "one" }, null ],
              "upstream": { "url": "http://audit.example" }
            }
            """);
        string[] mistakes =
        [
            "polcy", "layuot", "'half an hour'", "site.id", "Asia/Hangzhou", "policy.requiredDays", "rounds.every", "recorders[0].cameras[0].commissioned", "recorders[1].path", "'one' is used twice",
            "upstream.url",
        ];

        foreach (var (verb, code) in new[] { ("config validate", 1), ("run", 1), ("check", Undetermined), ("ledger check", 1) })
        {
            var ended = await Programs.RunAgentAsync([.. verb.Split(' '), "--config", file]);

            Assert.That(ended.ExitCode, Is.EqualTo(code), verb);
            Assert.That(mistakes.Where(m => !ended.Errors.Contains(m, StringComparison.Ordinal)), Is.Empty, $"{verb}: {ended.Errors}");
            Assert.That(ended.Errors, Does.Not.Contain("   at "), verb);
            Assert.That(ended.Output, Is.Empty, verb);
        }
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName), Is.EqualTo(["agent.json"]));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{")]
    [TestCase("{\"site\":null,\"recorders\":null,\"policy\":null,\"upstream\":null}")]
    [TestCase("{\"site\":{\"id\":\"S\"},\"dataDirectory\":\"\\u0000\",\"recorders\":[{\"id\":\"r\",\"path\":\"\\u0000\",\"cameras\":[null]}]}")]
    [TestCase("{\"site\":5,\"recorders\":{\"id\":{\"id\":[]}},\"dataDirectory\":[1]}")]
    public async Task A_configuration_of_the_wrong_shape_is_refused_in_plain_words(string content)
    {
        var ended = await Programs.RunAgentAsync("config", "validate", "--config", _folder.Write("agent.json", content));

        Assert.That(ended.ExitCode, Is.EqualTo(1));
        Assert.That(ended.Errors, Does.Contain("cannot be used").And.Not.Contain("   at "));
    }

    [TestCase(64)]
    [TestCase(64, "fly")]
    [TestCase(64, "run")]
    [TestCase(64, "run", "--confg", "x")]
    [TestCase(64, "config", "validate")]
    [TestCase(64, "verify", "x")]
    [TestCase(64, "verify", "--jwks", "x")]
    [TestCase(64, "ledger")]
    [TestCase(64, "ledger", "export")]
    [TestCase(Undetermined, "check")]
    [TestCase(Undetermined, "check", "a", "b")]
    [TestCase(Undetermined, "check", ".", "--config", "x")]
    [TestCase(Undetermined, "check", ".", "--require", "soon")]
    [TestCase(Undetermined, "check", ".", "--as-of", "yesterday")]
    [TestCase(Undetermined, "check", ".", "--as-of", "2999-01-01T00:00:00Z")]
    [TestCase(Undetermined, "check", ".", "--as-of", "1999-12-31T00:00:00Z")]
    [TestCase(Undetermined, "check", ".", "--as-of", "0001-01-01T00:00:00Z")]
    [TestCase(Undetermined, "check", ".", "--commissioned", "9999-12-31")]
    [TestCase(Undetermined, "check", "--config", "x", "--require", "7d")]
    [TestCase(Undetermined, "check", ".", "--layout", "%q")]
    [TestCase(Undetermined, "check", ".", "--time-zone", "Mars/Olympus")]
    [TestCase(Undetermined, "check", "")]
    public async Task A_usage_error_says_so(int code, params string[] arguments)
    {
        var ended = await Programs.RunAgentAsync(arguments);

        Assert.That(ended.ExitCode, Is.EqualTo(code));
        Assert.That(ended.Errors, Is.Not.Empty.And.Not.Contain("   at "));
    }

    public void Dispose()
    {
        foreach (var closed in Directory.GetDirectories(_folder.Path, "closed", SearchOption.AllDirectories))
            SetMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Dispose();
    }

    static async Task<byte[]> TornAsync(string file) => [.. (await File.ReadAllBytesAsync(file)).SkipLast(1500)];

    void SeedEightDays(string camera) => SeededTree.Add(_folder.Path, camera, _now, TimeSpan.FromDays(8));

    static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    static void AssertMeasured(CheckedTree check, string camera)
    {
        Assert.That(check.Camera(camera).GetProperty("verdict").GetString(), Is.EqualTo("met"));
        Assert.That(check.Camera(camera).GetProperty("continuousAgeSeconds").GetDouble(), Is.EqualTo(8 * 86400).Within(60));
    }

    static async Task<EndedProcess> RunAsNobodyAsync(string[] arguments)
    {
        Programs.Require("setpriv");
        var ended = await CaptiveProcess.RunAsync("setpriv",
            [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", Programs.Agent, .. arguments]);
        if (ended.ExitCode is 126 or 127)
            Assert.Ignore($"an unprivileged user may not run {Path.GetFileName(Programs.Agent)} where it was built: {ended.Errors}");
        return ended;
    }
}
