using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Keys;
using Agent.Probing;
using Agent.Probing.Files;
using Agent.Probing.Onvif;
using Agent.Recorders;
using Agent.Rounds;
using Agent.Tests.Probing.Files.Indexing;
using Agent.Tests.Probing.Files.Volumes;
using FakeRecorder;
using NUnit.Framework;

namespace Agent.Tests.Probing;

/// <summary>A real folder and a made-up recorder, which are one recorder.</summary>
internal sealed class RecorderWitnessesTests : IDisposable
{
    readonly IndexedTree _tree = new("{camera}/*/%Y-%m-%d_%H-%M-%S");
    readonly OnvifTransport _transport = new();

    DateTimeOffset Start => _tree.Ago(TimeSpan.FromMinutes(10));

    public void Dispose()
    {
        _tree.Dispose();
        _transport.Dispose();
    }

    [Test]
    public async Task Both_witnesses_of_a_camera_are_kept_and_each_speaks_for_what_it_alone_knows()
    {
        _tree.Fill("front/a", Start, 60);
        await using var fake = await FakeAsync(("front", Start.AddMinutes(-60)), ("yard", Start));

        var outcome = await LookAsync(fake.Address);

        Assert.That((outcome.Failed, outcome.IsIncomplete, outcome.Unsteady), Is.EqualTo((false, false, false)));
        Assert.That(outcome.Cameras.Select(c => (c.Observation.Camera, c.Observation.Basis, string.Join(' ', c.Listed.Select(l => l.Basis)))), Is.EqualTo(new[]
        {
            ("front", Basis.Measured, "Listed"), ("yard", Basis.Listed, ""),
        }));
    }

    [Test]
    public async Task What_the_weaker_witness_omits_is_a_finding_and_the_stronger_decides()
    {
        _tree.Fill("front/a", Start, 60);
        await using var fake = await FakeAsync(("front", Start.AddMinutes(9)));

        var outcome = await LookAsync(fake.Address);
        var report = new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc)).Judge(At(fake.Address), outcome, Sightings.None).Single();

        Assert.That(report.Findings.Select(f => f.Code), Does.Contain(FindingCode.WitnessOmits));
        Assert.That(report.Evidence.Timeline.Oldest, Is.EqualTo(Start));
    }

    [Test]
    public async Task Where_files_cannot_be_read_an_unproven_recorder_does_not_speak_in_their_place()
    {
        _tree.Fill("front/a", Start, 60);
        var unreadable = _tree.FileAt("front/a", Start.AddMinutes(5));
        await File.WriteAllBytesAsync(unreadable, new byte[5000]);
        File.SetLastWriteTimeUtc(unreadable, Start.AddMinutes(5).AddSeconds(10).UtcDateTime);
        await using var fake = await FakeAsync(("front", Start));

        var outcome = await LookAsync(fake.Address);
        var report = new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc)).Judge(At(fake.Address), outcome, Sightings.None).Single();

        Assert.That(outcome.Cameras.Single().Listed.Single().Recorded, Is.Not.Empty, "it was asked and told");
        Assert.That(report.Evidence.Timeline.In(SpanState.Unknown).Clip(new TimeRange(Start, Start.AddMinutes(9))).Length, Is.EqualTo(TimeSpan.FromSeconds(10)).Within(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Where_one_of_them_fails_the_other_stands_and_nothing_is_lost_or_absent()
    {
        _tree.Fill("front/a", Start, 60);

        var outcome = await LookAsync(new Uri("http://127.0.0.1:1"));

        Assert.That((outcome.Failed, outcome.IsIncomplete, outcome.Unsteady), Is.EqualTo((false, true, true)));
        Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(ProblemCode.RecorderUnreachable));
        Assert.That(outcome.Cameras.Single().Observation.Basis, Is.EqualTo(Basis.Measured));
        var absent = new Measurement(new PolicyOptions(), new SiteCalendar(TimeZoneInfo.Utc)).Judge(At(new Uri("http://127.0.0.1:1")), outcome, new Sightings { Cameras = ["yard"] }).Single(r => r.Camera == "yard");
        Assert.That(absent.Assessment.Binding.Verdict, Is.EqualTo(Verdict.Undetermined), "it may be what the other would have told of");
    }

    [Test]
    public async Task Where_the_folder_is_gone_the_recorder_speaks_alone()
    {
        await using var fake = await FakeAsync(("front", Start));
        Directory.Delete(_tree.Tree.Root, recursive: true);

        var outcome = await LookAsync(fake.Address);

        Assert.That((outcome.Failed, outcome.IsIncomplete), Is.EqualTo((false, true)));
        Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(ProblemCode.MissingFolder));
        Assert.That(outcome.Cameras.Single().Observation.Basis, Is.EqualTo(Basis.Listed));
        Directory.CreateDirectory(_tree.Tree.Root);
    }

    [Test]
    public async Task A_recorder_without_a_folder_is_only_asked_and_one_without_an_address_only_read()
    {
        _tree.Fill("front/a", Start, 60);
        await using var fake = await FakeAsync(("yard", Start));

        Assert.That((await LookAsync(At(fake.Address) with { Path = "" })).Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "yard" }));
        Assert.That((await LookAsync(At(fake.Address) with { Address = null })).Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "front" }));
    }

    Task<ProbeOutcome> LookAsync(Uri address) => LookAsync(At(address));

    Task<ProbeOutcome> LookAsync(Recorder recorder) => new RecorderWitnesses(
        Looks.At(new FilesProbe(_tree.Time, new SecondOpinion(_tree.Time, new SecondOpinionOptions())), TimeProvider.System),
        new ProfileGProbe(_transport, _ => new Agent.Recorders.RecorderLogin("agent", new Secret("p")), new OnvifOptions(), _tree.Time)).LookAsync(recorder, null, null, CancellationToken.None);

    Recorder At(Uri address) => new("nvr", _tree.Tree.Root, "{camera}/*/%Y-%m-%d_%H-%M-%S", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()) { Address = address };

    Task<RunningRecorder> FakeAsync(params (string Camera, DateTimeOffset From)[] cameras) => RunningRecorder.StartAsync(new RecorderScript
    {
        Cameras = cameras.ToDictionary(c => c.Camera, c => (IReadOnlyList<(DateTimeOffset, DateTimeOffset)>)[(c.From, _tree.Time.GetUtcNow().AddDays(1))]),
        Clock = _tree.Time,
        Login = new FakeRecorder.RecorderLogin("agent", "p"),
    });
}
