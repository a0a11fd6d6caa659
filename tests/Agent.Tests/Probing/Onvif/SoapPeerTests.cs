using Agent.Evidence.Timelines;
using Agent.Probing;
using Agent.Probing.Onvif;
using Agent.Recorders;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

/// <summary>The client against a peer that nobody here has written.</summary>
internal sealed class SoapPeerTests : IDisposable
{
    readonly OnvifTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [TestCase(0, 3)]
    [TestCase(95, 200)]
    [TestCase(-7200, 1)]
    public async Task What_a_recorder_made_of_the_official_descriptions_holds_is_known_to_the_second(int offset, int pageSize)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        (DateTimeOffset From, DateTimeOffset? To)[] door = [(now.AddDays(-9), now.AddDays(-5)), (now.AddDays(-5), now.AddDays(-2)), (now.AddDays(-2).AddHours(3), null)];
        (DateTimeOffset From, DateTimeOffset? To)[] yard = [.. Enumerable.Range(1, 40).Select(i => (now.AddHours(-2 * i), (DateTimeOffset?)now.AddHours(-2 * i).AddMinutes(3)))];
        using var peer = await SoapPeer.StartAsync(new
        {
            offsetSeconds = offset,
            pageSize,
            recordings = new[] { new { token = "r-1", name = "大门 & <door>", ranges = Milliseconds(door) }, new { token = "r-2", name = "yard", ranges = Milliseconds(yard) }, new { token = "r-3", name = "empty", ranges = Milliseconds([]) } },
        });

        var outcome = await new ProfileGProbe(_transport, _ => null, new OnvifOptions(), TimeProvider.System).LookAsync(
            new Recorder("peer", "", "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()) { Address = peer.Address }, null, null, CancellationToken.None);

        var told = string.Join("; ", outcome.Problems.Select(p => $"{p.Code} {p.Message}"));
        Assert.That(outcome.Problems, Is.Empty, told);
        Assert.That(outcome.Cameras.Select(c => c.Observation.Camera), Is.EqualTo(new[] { "empty", "yard", "大门 & <door>" }));
        Assert.That(outcome.Cameras.Select(c => c.Observation.ClockOffset.TotalSeconds), Has.All.EqualTo(offset).Within(1));
        AssertIs(outcome.Cameras[0], []);
        AssertIs(outcome.Cameras[1], yard);
        AssertIs(outcome.Cameras[2], [(door[0].From, door[1].To), door[2]]);
    }

    static void AssertIs(CameraFootage seen, (DateTimeOffset From, DateTimeOffset? To)[] truth)
    {
        var recorded = seen.Observation.Recorded.Shift(-seen.Observation.ClockOffset);
        Assert.That(seen.Observation.Unseen, Is.Empty);
        Assert.That(seen.Observation.Basis, Is.EqualTo(Basis.Listed));
        Assert.That(recorded, Has.Count.EqualTo(truth.Length));
        foreach (var (range, (from, to)) in recorded.Zip(truth.OrderBy(t => t.From)))
        {
            Assert.That(range.From, Is.EqualTo(from).Within(TimeSpan.FromSeconds(1)));
            Assert.That(range.To, Is.EqualTo(to ?? seen.Observation.LookedAt).Within(TimeSpan.FromSeconds(1)));
        }
    }

    static long?[][] Milliseconds((DateTimeOffset From, DateTimeOffset? To)[] ranges) => [.. ranges.Select(r => (long?[])[r.From.ToUnixTimeMilliseconds(), r.To?.ToUnixTimeMilliseconds()])];
}
