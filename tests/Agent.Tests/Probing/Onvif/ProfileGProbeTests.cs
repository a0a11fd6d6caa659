using Agent.Evidence.Timelines;
using Agent.Keys;
using Agent.Probing;
using Agent.Probing.Onvif;
using Agent.Recorders;
using FakeRecorder;
using FakeRecorder.Rtsp;
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

    [Test]
    public async Task Whatever_is_wrong_with_a_recorder_it_is_named_in_time_and_nothing_untrue_is_told([Values] Fault fault)
    {
        await using var fake = await RunningRecorder.StartAsync(Script(Personality.Plain) with { Fault = fault });
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var outcome = await LookAsync(fake, options: new OnvifOptions { AnswersWithin = TimeSpan.FromSeconds(3), LooksWithin = TimeSpan.FromSeconds(8) });

        await TestContext.Out.WriteLineAsync($"{watch.Elapsed.TotalSeconds:0.0} s, failed {outcome.Failed}: {Told(outcome)}; {string.Join(", ", outcome.Cameras.Select(c => $"{c.Observation.Camera} {c.Observation.Basis} {Text(c.Observation.Recorded.Shift(-c.Observation.ClockOffset))}, unseen {Text(c.Observation.Unseen.Shift(-c.Observation.ClockOffset))}"))}");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(12)));
        AssertNothingUntrue(outcome, "door", WithHoles);
        AssertNothingUntrue(outcome, "yard", [(Now.AddDays(-3), Now.AddDays(1))]);
        if (s_harmless.Contains(fault))
            AssertIsTruth(outcome.Cameras.Single(c => c.Observation.Camera == "door"), WithHoles, Told(outcome));
        else
            Assert.That(outcome.Problems, Is.Not.Empty);
        if (s_named.TryGetValue(fault, out var code))
            Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(code), Told(outcome));
        foreach (var secret in (string[])["correct horse", Convert.ToBase64String("agent:correct horse"u8.ToArray())])
            Assert.That(fake.Requests.SelectMany(r => r.Headers.Select(h => h.Value).Append(r.Body)), Has.None.Contains(secret));
    }

    // What is wrong with these is nothing that a look cannot do without.
    static readonly Fault[] s_harmless =
    [
        Fault.WrongContentType, Fault.XAddrsElsewhere, Fault.StreamsElsewhere, Fault.LyingDataFrom, Fault.DataFrom1970, Fault.DuplicatedPages, Fault.OutOfOrder, Fault.ForeignEvents,
        Fault.WrongRelatesTo, Fault.FutureFootage, Fault.ForgetsSessions, Fault.KeepsBackResults,
    ];

    static readonly Dictionary<Fault, ProblemCode> s_named = new()
    {
        [Fault.Stall] = ProblemCode.RecorderTimedOut, [Fault.StallInHeaders] = ProblemCode.RecorderTimedOut, [Fault.StallInBody] = ProblemCode.RecorderTimedOut, [Fault.Trickle] = ProblemCode.RecorderTimedOut,
        [Fault.RefusesConnections] = ProblemCode.RecorderUnreachable, [Fault.HalfReply] = ProblemCode.MalformedReply, [Fault.EndlessBody] = ProblemCode.ReplyTooLarge,
        [Fault.EndlessHeaders] = ProblemCode.ReplyTooLarge, [Fault.EmptyBody] = ProblemCode.NotOnvif, [Fault.NotXml] = ProblemCode.NotOnvif,
        [Fault.NotHttp] = ProblemCode.NotOnvif, [Fault.DtdBomb] = ProblemCode.MalformedReply, [Fault.ExternalEntity] = ProblemCode.MalformedReply, [Fault.DeepNesting] = ProblemCode.MalformedReply,
        [Fault.WrongAnswer] = ProblemCode.MalformedReply, [Fault.HollowAnswer] = ProblemCode.MalformedReply, [Fault.SoapFault] = ProblemCode.RecorderFault, [Fault.LoginPage] = ProblemCode.LoginRefused,
        [Fault.AsksForBasic] = ProblemCode.WantsBasic, [Fault.RefusesLogin] = ProblemCode.LoginRefused, [Fault.RedirectsElsewhere] = ProblemCode.RecorderRedirects,
        [Fault.NeverCompletes] = ProblemCode.SearchUnfinished, [Fault.EndlessPages] = ProblemCode.OnlyInstants,
        [Fault.SomeNonsenseTimes] = ProblemCode.OnlyInstants,
    };

    [Test]
    public async Task Of_a_recorder_that_lists_nothing_the_holes_are_known_by_what_it_plays_and_the_time_between_is_not([Values(null, Fault.StreamsElsewhere)] Fault? fault)
    {
        using var elsewhere = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        elsewhere.Start();
        (DateTimeOffset From, DateTimeOffset To)[] footage = [(Now.AddHours(-40), Now.AddHours(-20)), (Now.AddHours(-18), Now)];
        await using var rtsp = RunningRtsp.Start(new RtspScript { Footage = camera => camera == "door" ? footage : [], KeyDistance = TimeSpan.FromSeconds(4) });
        await using var fake = await RunningRecorder.StartAsync(Script(Personality.Plain) with
        {
            Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = footage }, ClockOffset = TimeSpan.Zero, RtspPort = rtsp.Port,
            Fault = fault, Elsewhere = new Uri($"http://{elsewhere.LocalEndpoint}/"),
            Adjust = quirks => quirks with { FindsEvents = false, MediaAttributes = FakeRecorder.Answers.MediaAttributesForm.None },
        });
        var outcome = await LookAsync(fake, options: new OnvifOptions { AnswersWithin = TimeSpan.FromSeconds(1), LooksWithin = TimeSpan.FromMinutes(3) }, rtspPort: rtsp.Port);

        var seen = outcome.Cameras.Single();
        await TestContext.Out.WriteLineAsync($"{Told(outcome)}; {Text(seen.Observation.Recorded)}; unseen {Text(seen.Observation.Unseen)}; {rtsp.Requests.Count} requests");
        Assert.That(seen.Observation.Basis, Is.EqualTo(Basis.Listed), Told(outcome));
        AssertNothingUntrue(outcome, "door", footage);
        var hole = RangeSet.Of([seen.Observation.Looked]).Except(seen.Observation.Unseen).Except(seen.Observation.Recorded).Clip(new TimeRange(footage[0].From.AddHours(1), Now.AddHours(-1)));
        Assert.That(hole, Has.Count.EqualTo(1), Text(hole));
        Assert.That(hole[0].From, Is.EqualTo(footage[0].To).Within(TimeSpan.FromSeconds(1)));
        Assert.That(hole[0].To, Is.EqualTo(footage[1].From).Within(TimeSpan.FromSeconds(1)));
        Assert.That(seen.Observation.Recorded.Length, Is.LessThan(TimeSpan.FromHours(1)), "only around the hole every picture was played");
        Assert.That(outcome.Problems.Select(p => p.Code), Does.Contain(ProblemCode.OnlyInstants));
        Assert.That(elsewhere.Pending(), Is.False, "nobody goes where a recorder sends us");
    }

    /// <summary>Footage that is told is there, and where it is told that there is none there is none; the rest may be unknown.</summary>
    static void AssertNothingUntrue(ProbeOutcome outcome, string camera, (DateTimeOffset From, DateTimeOffset To)[] truth)
    {
        if (outcome.Cameras.FirstOrDefault(c => c.Observation.Camera == camera) is not { Observation: { Basis: Basis.Listed } seen })
            return;
        var slack = TimeSpan.FromSeconds(1.5);
        var there = RangeSet.Of(truth.Select(t => new TimeRange(t.From - slack, t.To + slack)));
        var certainly = RangeSet.Of(truth.Where(t => t.From + slack < t.To - slack).Select(t => new TimeRange(t.From + slack, t.To - slack)));
        var recorded = seen.Recorded.Shift(-seen.ClockOffset);
        var known = RangeSet.Of([seen.Looked]).Except(seen.Unseen).Shift(-seen.ClockOffset);
        Assert.That(Text(recorded.Except(there)), Is.Empty, "told to be there");
        Assert.That(Text(certainly.Intersect(known).Except(recorded).Clip(new TimeRange(Now.AddDays(-400), Now.AddSeconds(-2)))), Is.Empty, "told not to be there");
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

    static RecorderScript Script(Personality personality) => new()
    {
        Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = WithHoles, ["yard"] = [(Now.AddDays(-3), Now.AddDays(1))] },
        Personality = personality,
        Login = new FakeRecorder.RecorderLogin("agent", "correct horse"),
        ClockOffset = TimeSpan.FromSeconds(95),
    };

    Task<ProbeOutcome> LookAsync(RunningRecorder fake, string password = "correct horse", OnvifOptions? options = null, int rtspPort = 554) =>
        new ProfileGProbe(_transport, _ => new RecorderLogin("agent", new Secret(password)), options ?? new OnvifOptions(), TimeProvider.System)
            .LookAsync(At(fake.Address) with { RtspPort = rtspPort }, null, null, CancellationToken.None);

    static Recorder At(Uri address) => new("nvr", "", "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()) { Address = address };

    static string Told(ProbeOutcome outcome) => string.Join("; ", outcome.Problems.Select(p => $"{p.Code} {p.Path} {p.Message}"));

    static string Text(RangeSet ranges) => string.Join(' ', ranges.Select(r => $"{r.From:MM-dd HH:mm:ss}..{r.To:MM-dd HH:mm:ss}"));
}
