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
/// The probe against recorders of every personality whose histories are known: what it lists is what was recorded, to the second once the
/// clock is corrected, and no verdict is one that the truth would not give. What a recorder does not tell is unknown, never made up.
/// RETENTION_HISTORIES says how many for each personality (12), and RETENTION_SEED where to begin.
/// </summary>
internal sealed class OnvifTruthTests
{
    const int CamerasARecorder = 4;

    static readonly TimeSpan Accuracy = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Doubt = TimeSpan.FromSeconds(20);
    static readonly int Histories = Number("RETENTION_HISTORIES", 12);
    static readonly int Seed = Number("RETENTION_SEED", 1);
    static readonly FakeRecorder.RecorderLogin Login = new("audit", "p:\"ä\\ß");

    // Zones with the string that a recorder tells for them: never summer time, always another hour, half an hour, south of the equator.
    static readonly (string Zone, string Text)[] Zones =
    [
        ("Asia/Shanghai", "CST-8"), ("Asia/Shanghai", "CST-8:00:00"), ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"), ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
        ("Australia/Sydney", "AEST-10AEDT,M10.1.0,M4.1.0/3"), ("Asia/Kolkata", "IST-5:30"),
    ];

    // Days near which clocks change, north and south.
    static readonly DateTimeOffset[] Days =
    [
        new(2026, 3, 8, 7, 0, 0, TimeSpan.Zero), new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), new(2026, 4, 4, 16, 0, 0, TimeSpan.Zero), new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero),
        new(2026, 10, 3, 16, 0, 0, TimeSpan.Zero), new(2026, 10, 25, 1, 0, 0, TimeSpan.Zero), new(2026, 11, 1, 6, 0, 0, TimeSpan.Zero), new(2026, 12, 31, 23, 0, 0, TimeSpan.Zero),
    ];

    // What each of these does not tell, so that it is unknown.
    static readonly Dictionary<Personality, string> Silent = new()
    {
        [Personality.Dahua] = "no events: of single instants what lies between two is not known",
        [Personality.Tiandy] = "neither events nor instants",
    };

    [Test]
    public async Task What_is_listed_is_what_was_recorded([Values] Personality personality)
    {
        var random = new Random((Seed * 100) + (int)personality);
        var told = new Tally();
        while (told.Histories < Histories)
        {
            var now = Days[random.Next(Days.Length)] + TimeSpan.FromMilliseconds(random.Next(-400_000_000, 1_700_000_000));
            var quirks = Personalities.Of(personality);
            // Local time that is told for UTC has no answer of its own where clocks change: that is another test's.
            var (zone, text) = quirks.Clock == ClockTelling.LocalEverywhere ? (quirks.Zone, quirks.ZoneText) : Zones[random.Next(Zones.Length)];
            var ahead = Ahead(random);
            var grain = quirks.TimeForm == TimeForm.Milliseconds ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(1);
            var histories = Enumerable.Range(1, CamerasARecorder).ToDictionary(number => $"cam-{number}", _ => new RecorderHistory(random, now, ahead, grain));
            await LookAsync(new RecorderScript
            {
                Personality = personality,
                Clock = new ShiftedTime(now),
                ClockOffset = ahead,
                Login = Login,
                Adjust = manners => manners with { Zone = zone, ZoneText = text },
                Cameras = histories.ToDictionary(history => history.Key, history => history.Value.Files),
            }, histories, DateOnly.FromDateTime(now.AddDays(-random.Next(50)).UtcDateTime), random.Next(2) == 0, told);
        }

        TestContext.Out.WriteLine($"{personality}: {told}");
        Assert.That(told.Doubtful, Is.LessThan(Math.Max(4, told.Histories / 5)), "nearly every history has one right answer");
        if (!Silent.ContainsKey(personality))
            Assert.That(told.Partly, Is.Zero, "histories of which something was not told");
    }

    static async Task LookAsync(RecorderScript script, Dictionary<string, RecorderHistory> histories, DateOnly began, bool isKnown, Tally tally)
    {
        await using var fake = await RunningRecorder.StartAsync(script);
        using var transport = new OnvifTransport();
        var recorder = new Agent.Recorders.Recorder("nvr", "", "auto", TimeZoneInfo.Utc, new Dictionary<string, CameraOptions>()) { Address = fake.Address };
        var login = new Agent.Recorders.RecorderLogin(Login.User, new(Login.Password));
        var outcome = await new ProfileGProbe(transport, _ => login, new OnvifOptions(), script.Clock).LookAsync(recorder, null, null, CancellationToken.None);
        var what = $"{script.Personality}, seed {Seed}, history {tally.Histories}, {script.Clock.GetUtcNow():O}, {script.Quirks.Zone}, {script.ClockOffset} ahead";

        Assert.That(fake.Complaints, Is.Empty, what);
        // Two of one kind are asked of some recorders to learn what they take.
        Assert.That(fake.WrongLogins, Is.LessThanOrEqualTo(1), what);
        Assert.That(fake.OpenSearches, Is.Zero, what);
        if (outcome.Problems is [{ Code: ProblemCode.ClockUnclear }])
        {
            Assert.That(script.Quirks.Clock is ClockTelling.LocalAsUtc or ClockTelling.LocalEverywhere, what);
            Assert.That(histories.Values.Any(history => history.TruthAt(outcome.LookedAt) is [.., var newest] && newest.To == outcome.LookedAt), Is.False, $"{what}: a camera that records shows which clock is meant");
            tally.Unclear += histories.Count;
            tally.Histories += histories.Count;
            return;
        }

        Assert.That(outcome.Cameras.Select(camera => camera.Observation.Camera), Is.EqualTo(histories.Keys), $"{what}: {string.Join(", ", outcome.Problems)}");
        var isSilent = Silent.ContainsKey(script.Personality);
        // Of a camera without footage the one that tells no start state tells nothing at all.
        Assert.That(
            outcome.Problems.Where(problem => !isSilent && !(script.Quirks.OmitsStartState && problem.Code == ProblemCode.OnlyClaimed && histories[problem.Path!].Files.Count == 0)),
            Is.Empty, what);
        Assert.That(outcome.ClockOffset - ToldAhead(script), Is.EqualTo(TimeSpan.Zero).Within(Accuracy), what);
        // Judged as if it were proven: else nothing could be met, and no mistake would show.
        var proven = outcome with { Cameras = [.. outcome.Cameras.Select(camera => camera with { Proven = true })] };
        var measurement = new Measurement(new PolicyOptions { RequiredDays = 15 }, new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), isKnown ? began : null);
        foreach (var report in measurement.Judge(recorder, proven, Sightings.None))
            Check(report, histories[report.Camera].TruthAt(outcome.LookedAt), outcome.LookedAt, $"{what}, {report.Camera}", tally);
    }

    static void Check(CameraReport report, RangeSet truth, DateTimeOffset looked, string what, Tally tally)
    {
        tally.Histories++;
        var timeline = report.Evidence.Timeline;
        var (recorded, unknown) = (timeline.In(SpanState.Recorded), timeline.In(SpanState.Unknown));
        var really = truth.Clip(timeline.Window);
        // Nothing is told that is not there, and only what is unknown is left out of what is there.
        Assert.That(Beyond(recorded, really), Is.Empty, () => $"{what}: told {Written(recorded)}, true {Written(really)}");
        Assert.That(Beyond(really, recorded.Union(unknown)), Is.Empty, () => $"{what}: told {Written(recorded)}, unknown {Written(unknown)}, true {Written(really)}");
        var isWhole = unknown.Clip(new TimeRange(really.Count > 0 ? really[0].From + Accuracy : looked, looked)).Length <= Accuracy;
        tally.Partly += isWhole ? 0 : 1;
        if (isWhole)
            Assert.That(recorded.Count, Is.EqualTo(really.Count), () => $"{what}: told {Written(recorded)}, true {Written(really)}");

        var evidence = report.Evidence with { Timeline = Timeline.Of(new TimeRange(truth.Count > 0 && truth[0].From < timeline.Window.From ? truth[0].From : timeline.Window.From, looked), truth, RangeSet.Empty, RangeSet.Empty) };
        CameraAssessment Expected(TimeSpan budget, TimeSpan later) => RetentionAssessor.Assess(
            evidence with { Timeline = Timeline.Of(evidence.Timeline.Window, RangeSet.Of(truth.Where(run => run.Length > later).Select(run => new TimeRange(run.From + later, run.To))), RangeSet.Empty, RangeSet.Empty) },
            report.Policy with { DailyLoss = report.Policy.DailyLoss + budget, WeeklyLoss = report.Policy.WeeklyLoss + budget }, new SiteCalendar(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), looked);
        var right = Expected(TimeSpan.Zero, TimeSpan.Zero);
        CameraAssessment[] near = [Expected(-Doubt, TimeSpan.Zero), Expected(Doubt, TimeSpan.Zero), Expected(TimeSpan.Zero, Doubt)];
        if (near.Any(other => !other.Thresholds.Select(Verdicts).SequenceEqual(right.Thresholds.Select(Verdicts))))
        {
            tally.Doubtful++;
            return;
        }

        foreach (var (threshold, expected) in report.Assessment.Thresholds.Zip(right.Thresholds))
        {
            tally.Count(threshold.Verdict);
            if (isWhole || threshold.Verdict != Verdict.Undetermined)
                Assert.That(Verdicts(threshold), Is.EqualTo(Verdicts(expected)), () => $"{what}: told {Written(recorded)}, unknown {Written(unknown)}, true {Written(really)}");
        }
    }

    static (int, Verdict) Verdicts(ThresholdVerdict t) => (t.Days, t.Verdict);

    /// <summary>What of one lies outside of the other by more than a second at either end.</summary>
    static RangeSet Beyond(RangeSet one, RangeSet other) =>
        RangeSet.Of(one.Except(RangeSet.Of(other.Select(range => new TimeRange(range.From - Accuracy, range.To + Accuracy)))).Where(range => !range.IsEmpty));

    static TimeSpan ToldAhead(RecorderScript script) => script.ClockOffset +
        (script.Quirks.Clock == ClockTelling.LocalEverywhere ? TimeZoneInfo.FindSystemTimeZoneById(script.Quirks.Zone).GetUtcOffset(script.Clock.GetUtcNow()) : TimeSpan.Zero);

    static TimeSpan Ahead(Random random) => random.Next(6) switch
    {
        0 => TimeSpan.Zero,
        1 => TimeSpan.FromMilliseconds(random.Next(-2000, 2000)),
        2 => TimeSpan.FromDays(random.Next(-400, 400)),
        3 => TimeSpan.FromHours(random.Next(-12, 13)),
        _ => TimeSpan.FromMilliseconds(random.Next(-7_200_000, 7_200_000)),
    };

    static string Written(RangeSet ranges) => string.Join(" ", ranges.Take(40).Select(range => $"{range.From:dd HH:mm:ss.f}-{range.To:dd HH:mm:ss.f}"));

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    sealed class Tally
    {
        readonly SortedDictionary<Verdict, int> _verdicts = [];

        public int Histories { get; set; }

        public int Doubtful { get; set; }

        public int Partly { get; set; }

        public int Unclear { get; set; }

        public void Count(Verdict verdict) => _verdicts[verdict] = _verdicts.GetValueOrDefault(verdict) + 1;

        public override string ToString() =>
            $"{Histories} histories, {string.Join(", ", _verdicts.Select(verdict => $"{verdict.Value} {verdict.Key}"))}; {Doubtful} too near a limit to have one answer, {Partly} with time that was not told, {Unclear} told by an unclear clock";
    }
}
