using Agent.Evidence.Timelines;
using Agent.Keys;
using Agent.Probing;
using Agent.Probing.Onvif;
using Agent.Recorders;
using FakeRecorder;
using NUnit.Framework;
using RecorderLogin = Agent.Recorders.RecorderLogin;

namespace Agent.Tests.Probing.Onvif;

/// <summary>The probe against a made-up recorder: what it tells is what is there, and what a recorder does to it is named.</summary>
internal sealed class ProfileGProbeTests : IDisposable
{
    static readonly DateTimeOffset Now = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()).Ticks, TimeSpan.Zero);

    static readonly (DateTimeOffset From, DateTimeOffset To)[] WithHoles =
        [(Now.AddDays(-20), Now.AddDays(-9)), (Now.AddDays(-9).AddMinutes(10), Now.AddDays(-2)), (Now.AddDays(-2).AddHours(4), Now.AddDays(1))];

    readonly OnvifTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Test]
    public async Task A_recorder_that_tells_its_events_is_known_to_the_second([Values] Personality personality)
    {
        await using var fake = await RunningRecorder.StartAsync(Script(personality));

        var outcome = await LookAsync(fake);

        Assert.That(outcome.Failed, Is.False, Told(outcome));
        var seen = outcome.Cameras.Single(c => c.Observation.Camera == "door");
        Assert.That(seen.Layout, Is.EqualTo("onvif"));
        Assert.That(seen.Proven, Is.False);
        if (personality == Personality.Tiandy)
        {
            Assert.That(seen.Observation.Basis, Is.EqualTo(Basis.Claimed));
            Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(ProblemCode.OnlyClaimed), Told(outcome));
            return;
        }

        Assert.That(seen.Observation.Basis, Is.EqualTo(Basis.Listed), Told(outcome));
        AssertIsTruth(seen, WithHoles, Told(outcome));
        AssertIsTruth(outcome.Cameras.Single(c => c.Observation.Camera == "yard"), [(Now.AddDays(-3), Now.AddDays(1))], Told(outcome));
        Assert.That(fake.OpenSearches, Is.Zero);
        Assert.That(fake.Complaints, Is.Empty);
        Assert.That(fake.MostConnections, Is.LessThanOrEqualTo(2));
    }

    static void AssertIsTruth(CameraFootage seen, (DateTimeOffset From, DateTimeOffset To)[] truth, string why)
    {
        var observation = seen.Observation;
        var recorded = observation.Recorded.Shift(-observation.ClockOffset);
        var unseen = observation.Unseen.Shift(-observation.ClockOffset);
        Assert.That(recorded, Has.Count.EqualTo(truth.Length), $"{Text(recorded)}; unseen {Text(unseen)}; {why}");
        foreach (var (range, (from, to)) in recorded.Zip(truth))
        {
            Assert.That(range.From, Is.EqualTo(from).Within(TimeSpan.FromSeconds(1)));
            Assert.That(range.To, Is.EqualTo(to < observation.LookedAt ? to : observation.LookedAt).Within(TimeSpan.FromSeconds(1.5)));
        }
    }

    RecorderScript Script(Personality personality) => new()
    {
        Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = WithHoles, ["yard"] = [(Now.AddDays(-3), Now.AddDays(1))] },
        Personality = personality,
        Login = new FakeRecorder.RecorderLogin("agent", "correct horse"),
        ClockOffset = TimeSpan.FromSeconds(95),
    };

    Task<ProbeOutcome> LookAsync(RunningRecorder fake, string password = "correct horse", OnvifOptions? options = null) =>
        new ProfileGProbe(_transport, _ => new RecorderLogin("agent", new Secret(password)), options ?? new OnvifOptions(), TimeProvider.System)
            .LookAsync(At(fake.Address), null, null, CancellationToken.None);

    static Recorder At(Uri address) => new("nvr", "", "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()) { Address = address };

    static string Told(ProbeOutcome outcome) => string.Join("; ", outcome.Problems.Select(p => $"{p.Code} {p.Path} {p.Message}"));

    static string Text(RangeSet ranges) => string.Join(' ', ranges.Select(r => $"{r.From:MM-dd HH:mm:ss}..{r.To:MM-dd HH:mm:ss}"));
}
