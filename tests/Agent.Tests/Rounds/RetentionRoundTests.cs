using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Agent.Keys;
using Agent.Probing.Files;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Ledger;
using Agent.Tests.Probing.Files.Volumes;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Agent.Tests.Rounds;

internal sealed class RetentionRoundTests : IDisposable
{
    readonly LedgerFixture _agent = new();
    readonly TemporaryFolder _recordings = new();
    readonly Recorder _recorder;

    public RetentionRoundTests()
    {
        _recorder = new Recorder("recordings", _recordings.Path, "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>());
        foreach (var camera in (string[])["front_door", "yard"])
            Write(camera, SyntheticFootage.Make($"round-{camera}.mp4", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=1:duration=4", "-c:v", "libx264", "-pix_fmt", "yuv420p"));
    }

    public void Dispose()
    {
        _agent.Dispose();
        _recordings.Dispose();
    }

    [Test]
    public async Task A_verdict_enters_the_ledger_when_it_changes_and_not_at_every_round()
    {
        var round = Round(new RoundResults());
        Assert.That(await round.RunAsync(_recorder, CancellationToken.None), Is.True);
        Assert.That(await round.RunAsync(_recorder, CancellationToken.None), Is.False);
        Assert.That(_agent.Entries().Select(e => e.Type), Is.EqualTo(new[] { "verdict", "verdict" }));
    }

    [Test]
    public async Task Days_that_the_authority_assigns_enter_the_ledger_with_its_name_when_they_come_and_when_they_change()
    {
        int? assigned = null;
        var results = new RoundResults();
        var round = Round(results, (_, camera) => camera == "yard" ? assigned : null);
        await round.RunAsync(_recorder, CancellationToken.None);
        assigned = 15;
        Assert.That(await round.RunAsync(_recorder, CancellationToken.None), Is.True, "the same days, and now the authority says so");
        assigned = 7;
        Assert.That(await round.RunAsync(_recorder, CancellationToken.None), Is.True);
        Assert.That(await round.RunAsync(_recorder, CancellationToken.None), Is.False);

        var bodies = _agent.Entries().Select(e => System.Text.Encoding.UTF8.GetString(e.Body.Span)).ToList();
        Assert.That(bodies.Select(b => b[(b.IndexOf(',', StringComparison.Ordinal) + 1)..b.IndexOf(",\"thresholds", StringComparison.Ordinal)]), Is.EqualTo(new[]
        {
            "\"requiredDays\":15,\"assignment\":\"declared\"", "\"requiredDays\":15,\"assignment\":\"declared\"", "\"requiredDays\":15,\"assignment\":\"signed\"", "\"requiredDays\":7,\"assignment\":\"signed\"",
        }));
        Assert.That(results.Latest.Single().Cameras.Select(c => (c.Camera, c.Assignment, c.Policy.RequiredDays)), Is.EqualTo(new[] { ("front_door", Assignment.Declared, 15), ("yard", Assignment.Signed, 7) }));
    }

    [Test]
    public async Task A_finding_enters_the_ledger_when_it_is_new_and_again_after_it_was_gone()
    {
        var round = Round(new RoundResults());
        var folder = Path.Combine(_recordings.Path, "yard");
        var future = Path.Combine(folder, $"{_agent.Time.GetUtcNow().AddDays(400):yyyy-MM-dd_HH-mm-ss}.mp4");
        File.Copy(Directory.GetFiles(folder)[0], future);
        await round.RunAsync(_recorder, CancellationToken.None);
        await round.RunAsync(_recorder, CancellationToken.None);
        var once = Findings();
        File.Move(future, Path.Combine(_agent.Folder.Path, "aside"));
        await round.RunAsync(_recorder, CancellationToken.None);
        File.Move(Path.Combine(_agent.Folder.Path, "aside"), future);
        await round.RunAsync(_recorder, CancellationToken.None);

        Assert.That(once, Has.Count.EqualTo(1));
        Assert.That(once[0], Does.StartWith("""{"code":"SegmentsOutOfTime","camera":"c-"""));
        Assert.That(Findings(), Has.Count.EqualTo(2));

        List<string> Findings() => [.. _agent.Entries().Where(e => e.Type == EntryTypes.Finding).Select(e => System.Text.Encoding.UTF8.GetString(e.Body.Span))];
    }

    [Test]
    public async Task The_ledger_holds_codes_and_no_names()
    {
        await Round(new RoundResults()).RunAsync(_recorder, CancellationToken.None);
        var text = string.Concat(_agent.Entries().Select(e => System.Text.Encoding.UTF8.GetString(EntryCodec.Encode(e))));
        Assert.That(text, Does.Not.Contain("front_door").And.Not.Contain("yard").And.Not.Contain(_recordings.Path).And.Contain("\"camera\":\"c-"));
    }

    [Test]
    public async Task A_camera_whose_folder_is_gone_stays_in_sight_after_a_restart()
    {
        await Round(new RoundResults()).RunAsync(_recorder, CancellationToken.None);
        Directory.Delete(Path.Combine(_recordings.Path, "yard"), recursive: true);

        var restarted = new RoundResults();
        await Round(restarted).RunAsync(_recorder, CancellationToken.None);

        var yard = restarted.Latest.Single().Cameras.Single(c => c.Camera == "yard").Assessment.Binding;
        Assert.That(yard.Verdict, Is.Not.EqualTo(Verdict.Met));
        Assert.That(yard.Reasons, Does.Contain(VerdictReason.NoFootage));
    }

    [Test]
    public async Task A_recorder_that_went_away_leaves_every_camera_it_had_undetermined()
    {
        await Round(new RoundResults()).RunAsync(_recorder, CancellationToken.None);
        Directory.Delete(Path.Combine(_recordings.Path, "yard"), recursive: true);
        Directory.Delete(Path.Combine(_recordings.Path, "front_door"), recursive: true);

        var restarted = new RoundResults();
        await Round(restarted).RunAsync(_recorder, CancellationToken.None);

        Assert.That(restarted.Latest.Single().Cameras.Select(c => (c.Camera, c.Assessment.Binding.Verdict)), Is.EqualTo(new[]
        {
            ("front_door", Verdict.Undetermined), ("yard", Verdict.Undetermined),
        }));
    }

    RetentionRound Round(RoundResults results, Func<string, string, int?>? assigned = null) => new(
        Looks.At(new FilesProbe(_agent.Time, new SecondOpinion(_agent.Time, new SecondOpinionOptions { FilesPerLook = 0 })), _agent.Time),
        new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc), assigned: assigned),
        _agent.Ledger,
        new CameraLabels(CameraCodes.Open(_agent.Folder.Path), [_recorder]),
        results,
        new SightingStore(_agent.Folder.Path),
        NullLogger<RetentionRound>.Instance);

    void Write(string camera, string clip)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_recordings.Path, camera));
        File.Copy(clip, Path.Combine(folder.FullName, $"{_agent.Time.GetUtcNow().AddMinutes(-1):yyyy-MM-dd_HH-mm-ss}.mp4"));
    }
}
