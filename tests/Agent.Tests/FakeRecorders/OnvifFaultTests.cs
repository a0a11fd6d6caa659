using System.Diagnostics;
using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Probing.Onvif;
using Agent.Recorders;
using Agent.Rounds;
using FakeRecorder;
using FakeRecorder.Answers;
using NUnit.Framework;

namespace Agent.Tests.FakeRecorders;

/// <summary>
/// Whatever a recorder does, at whatever it is asked, the verdict is the one that the truth gives or none, with a reason that has a name,
/// in time; and nothing of it is a connection to another host, or a password on the wire.
/// </summary>
internal sealed class OnvifFaultTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);
    static readonly SiteCalendar Calendar = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    // Met for 7 and 15 days; broken three days ago; dead for five days.
    static readonly Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Cameras = new()
    {
        ["broken"] = [(Now.AddDays(-20), Now.AddDays(-3)), (Now.AddDays(-3).AddHours(5), Now.AddDays(1))],
        ["dead"] = [(Now.AddDays(-20), Now.AddDays(-5))],
        ["good"] = [(Now.AddDays(-20), Now.AddDays(1))],
    };

    // The first two again, with a minute missing in every hour: many events.
    static readonly Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> Hourly = new()
    {
        ["broken"] = [.. Hours(480).Where(file => file.From < Now.AddDays(-3) || file.From > Now.AddDays(-3).AddHours(5))],
        ["good"] = [.. Hours(480)],
    };

    static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Hours(int hours) =>
        Enumerable.Range(0, hours + 1).Select(hour => (Now.AddHours(hour - hours), Now.AddHours(hour - hours).AddMinutes(59)));

    readonly OnvifOptions _options = new() { AnswersWithin = TimeSpan.FromSeconds(1.5), LooksWithin = TimeSpan.FromSeconds(6) };

    [Test]
    public async Task A_recorder_without_a_fault_is_judged_as_the_truth_says([Values] Personality personality)
    {
        var script = new RecorderScript { Cameras = Cameras, Personality = personality, Clock = new ShiftedTime(Now) };
        var (reports, outcome) = await LookAsync(script, new OnvifOptions());
        var right = reports.Count(report => Verdicts(report).SequenceEqual(Expected(script, report, outcome.LookedAt)));
        // The one tells no more than its bounds, the other nothing of what lies inside a hole.
        Assert.That(right, Is.EqualTo(personality switch { Personality.Tiandy => 1, Personality.Dahua => 2, _ => 3 }), $"{string.Join(", ", outcome.Problems)}: else a fault that hides everything would pass too");
    }

    [Test]
    public async Task No_fault_at_anything_makes_a_verdict_that_is_not_true([Values] Fault fault, [Values(Personality.Plain, Personality.Dahua)] Personality personality)
    {
        await using var elsewhere = await RunningRecorder.StartAsync(new RecorderScript { Cameras = Cameras });
        var operations = await OperationsAsync(personality);
        Assert.That(operations, Has.Count.GreaterThan(6));
        await Task.WhenAll(operations.Append(null).Select(operation => CheckAsync(fault, operation, personality, elsewhere.Address, Cameras)));
        Assert.That(elsewhere.Connections, Is.Zero, "nobody goes where a recorder sends us");
    }

    [Test]
    public async Task No_fault_of_a_long_search_makes_a_verdict_that_is_not_true([Values] Fault fault)
    {
        await using var elsewhere = await RunningRecorder.StartAsync(new RecorderScript { Cameras = Cameras });
        await CheckAsync(fault, "GetEventSearchResults", Personality.Plain, elsewhere.Address, Hourly);
    }

    [TestCase("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-20T00:00:00Z")]
    [TestCase("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3", "2026-11-05T00:00:00Z")]
    [TestCase("America/New_York", "EST5EDT,M3.2.0,M11.1.0", "2026-03-15T00:00:00Z")]
    [TestCase("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-10-08T00:00:00Z")]
    public async Task Local_time_that_is_put_back_and_forward_is_unknown_and_not_an_hour_off(string zone, string text, string at)
    {
        var now = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);
        var cameras = Cameras.ToDictionary(camera => camera.Key, IReadOnlyList<(DateTimeOffset, DateTimeOffset)> (camera) => [.. camera.Value.Select(file => (now + (file.From - Now), now + (file.To - Now)))]);
        var (reports, outcome) = await LookAsync(new RecorderScript
        {
            Cameras = cameras, Clock = new ShiftedTime(now), Adjust = quirks => quirks with { Clock = ClockTelling.LocalEverywhere, Zone = zone, ZoneText = text },
        }, _options);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.Problems.Select(problem => problem.Code), Is.EqualTo(new[] { ProblemCode.ClockUnclear }));
            Assert.That(reports.SelectMany(report => report.Assessment.Thresholds).Select(threshold => threshold.Verdict), Has.All.EqualTo(Verdict.Undetermined));
        });
    }

    async Task CheckAsync(Fault fault, string? operation, Personality personality, Uri elsewhere, Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> cameras)
    {
        var what = $"{fault} at {operation ?? "everything"} of {personality}";
        var login = new FakeRecorder.RecorderLogin("audit", "correct horse battery");
        var watch = Stopwatch.StartNew();
        var script = new RecorderScript
        {
            Cameras = cameras, Personality = personality, Clock = new ShiftedTime(Now), Login = login, Fault = fault, FaultAt = operation, Elsewhere = elsewhere,
        };
        var (reports, outcome) = await LookAsync(script, _options, recorder =>
        {
            foreach (var request in recorder.Requests)
                Assert.That(request.Headers.Select(header => header.Value).Append(request.Body).Append(request.Path), Has.None.Contains("correct horse").And.None.Contains(Convert.ToBase64String("audit:correct"u8)[..12]), what);
            // Who is let in elsewhere and refused at one thing may try there as well.
            if (fault != Fault.RefusesLogin || operation is null)
                Assert.That(recorder.WrongLogins, Is.LessThanOrEqualTo(2), what);
        });
        Assert.That(watch.Elapsed, Is.LessThan(_options.LooksWithin + Slack), what);
        foreach (var report in reports)
        {
            var (told, expected) = (Verdicts(report), Expected(script, report, outcome.LookedAt));
            foreach (var (verdict, truth) in told.Zip(expected))
                Assert.That(verdict.Verdict, Is.EqualTo(truth.Verdict).Or.EqualTo(Verdict.Undetermined), $"{what}, {report.Camera}, {verdict.Days} d: {string.Join(", ", outcome.Problems)}");
            if (!told.SequenceEqual(expected))
                Assert.That(outcome.Problems, Is.Not.Empty, $"{what}: {report.Camera} is undetermined, and nobody says why");
        }
    }

    static async Task<(IReadOnlyList<CameraReport> Reports, ProbeOutcome Outcome)> LookAsync(RecorderScript script, OnvifOptions options, Action<RunningRecorder>? afterwards = null)
    {
        await using var fake = await RunningRecorder.StartAsync(script);
        using var transport = new OnvifTransport();
        // Declared, so that a camera that is not told of is asked about all the same.
        var recorder = new Agent.Recorders.Recorder("nvr", "", "auto", TimeZoneInfo.Utc, script.Cameras.Keys.ToDictionary(camera => camera, camera => new CameraOptions { Camera = camera })) { Address = fake.Address };
        var login = script.Login is { } told ? new Agent.Recorders.RecorderLogin(told.User, new(told.Password)) : null;
        var outcome = await new ProfileGProbe(transport, _ => login, options, script.Clock).LookAsync(recorder, null, null, CancellationToken.None);
        afterwards?.Invoke(fake);
        // Judged as if it were proven, since else nothing could be met.
        var proven = outcome with { Cameras = [.. outcome.Cameras.Select(camera => camera with { Proven = true })] };
        return (new Measurement(new PolicyOptions { RequiredDays = 15 }, Calendar, DateOnly.FromDateTime(Now.AddDays(-60).UtcDateTime)).Judge(recorder, proven, Sightings.None), outcome);
    }

    static async Task<IReadOnlyList<string>> OperationsAsync(Personality personality)
    {
        var operations = new HashSet<string>();
        await LookAsync(new RecorderScript { Cameras = Cameras, Personality = personality, Clock = new ShiftedTime(Now) }, new OnvifOptions(), recorder => operations.UnionWith(recorder.Requests.Select(request => request.Operation)));
        return [.. operations];
    }

    static List<(int Days, Verdict Verdict)> Verdicts(CameraReport report) => [.. report.Assessment.Thresholds.Select(threshold => (threshold.Days, threshold.Verdict))];

    static List<(int Days, Verdict Verdict)> Expected(RecorderScript script, CameraReport report, DateTimeOffset looked)
    {
        var truth = RangeSet.Of(script.Cameras[report.Camera].Select(file => new TimeRange(file.From, file.To < looked ? file.To : looked)));
        var evidence = report.Evidence with { Timeline = Timeline.Of(report.Evidence.Timeline.Window, truth.Clip(report.Evidence.Timeline.Window), RangeSet.Empty, RangeSet.Empty) };
        return [.. RetentionAssessor.Assess(evidence, report.Policy, Calendar, looked).Thresholds.Select(threshold => (threshold.Days, threshold.Verdict))];
    }
}
