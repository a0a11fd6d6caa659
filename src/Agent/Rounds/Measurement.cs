using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Ledger;
using Agent.Probing;
using Agent.Recorders;

namespace Agent.Rounds;

/// <summary>From what a probe saw to what it comes to, camera by camera. No I/O.</summary>
/// <param name="policy">What is asked.</param>
/// <param name="calendar">The site's days.</param>
/// <param name="commissioned">The day every camera began that declares none of its own.</param>
/// <param name="assigned">The days the authority assigned to a camera of a recorder; null where it said nothing, or when nobody asks.</param>
internal sealed class Measurement(PolicyOptions policy, SiteCalendar calendar, DateOnly? commissioned = null, Func<string, string, int?>? assigned = null)
{
    // A day more than is measured, so that the longest threshold never begins at the window's very edge.
    static readonly TimeSpan LeastWindow = TimeSpan.FromDays(1);

    public SiteCalendar Calendar => calendar;

    /// <summary>
    /// Judges every camera seen, declared or known from before. A recorder that could not be looked at leaves its cameras unknown.
    /// </summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="outcome">What the look found.</param>
    /// <param name="sighted">What is known from before.</param>
    /// <param name="steps">Every step of this machine's clock, in the order in which they were met.</param>
    public IReadOnlyList<CameraReport> Judge(Recorder recorder, ProbeOutcome outcome, Sightings sighted, IEnumerable<ClockStep>? steps = null)
    {
        var clock = ClockTrust.Of(steps ?? [], policy.DailyLoss);
        var seen = outcome.Cameras.ToDictionary(c => c.Observation.Camera, StringComparer.Ordinal);
        return
        [
            .. seen.Keys.Union(recorder.Cameras.Keys, StringComparer.Ordinal).Union(sighted.Cameras, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(camera => Judge(recorder, outcome, camera, seen.GetValueOrDefault(camera), sighted, clock)),
        ];
    }

    /// <summary>The longest number of days that is measured of a camera.</summary>
    public int DaysOf(Recorder recorder, string camera) =>
        policy.For(assigned?.Invoke(recorder.Id, camera) ?? recorder.Cameras.GetValueOrDefault(camera)?.RequiredDays).MeasuredDays[^1];

    CameraReport Judge(Recorder recorder, ProbeOutcome outcome, string camera, CameraFootage? footage, Sightings sighted, ClockTrust clock)
    {
        var declared = recorder.Cameras.GetValueOrDefault(camera);
        // Asked once: the authority may assign other days while this is judged.
        var byAuthority = assigned?.Invoke(recorder.Id, camera);
        var asked = policy.For(byAuthority ?? declared?.RequiredDays);
        var now = outcome.LookedAt;
        var from = now - TimeSpan.FromDays(asked.MeasuredDays[^1]) - LeastWindow;
        if (footage?.Oldest is { } oldest && oldest < from)
            from = oldest;
        Observation[] observations = (footage?.Observation ?? Absent(recorder, outcome, camera)) is { } seen ? [seen, .. footage?.Listed ?? []] : [];
        var window = new TimeRange(from, now);
        var uncertain = clock.In(window);
        var evidence = new CameraEvidence
        {
            Timeline = Without(uncertain, TimelineBuilder.Build(window, observations, RangeSet.Empty, out var disagreements)),
            LookedAt = now,
            Freshness = RetentionPolicy.FreshnessFor(footage?.UsualSegment ?? TimeSpan.Zero),
            Commissioning = (declared?.Commissioned ?? commissioned) is { } day ? new Commissioning(calendar.DayOf(day), CommissioningBasis.Declared)
                : sighted.Began.TryGetValue(camera, out var began) ? new Commissioning(began, CommissioningBasis.FirstSeen)
                : null,
            Losses = [.. sighted.Losses[camera].Select(l => l.Loss)],
            Proven = footage?.Proven ?? true,
        };
        var assessment = RetentionAssessor.Assess(evidence, asked, calendar, now);
        return new CameraReport(recorder.Id, camera, footage, evidence, asked, assessment with
        {
            Findings = [.. assessment.Findings, .. disagreements.Select(Finding), .. Stepped(uncertain), .. WrongClock(observations), .. sighted.Findings(camera)],
        })
        {
            Assignment = byAuthority is null ? Assignment.Declared : Assignment.Signed,
        };
    }

    /// <summary>Footage is named by the clock. Where that cannot be believed nothing is certain, neither footage nor its absence.</summary>
    static Timeline Without(RangeSet uncertain, Timeline timeline) => uncertain.Count == 0 ? timeline : Timeline.Of(
        timeline.Window,
        timeline.In(SpanState.Recorded).Except(uncertain),
        timeline.In(SpanState.Unknown).Union(uncertain),
        timeline.In(SpanState.NotScheduled));

    static IEnumerable<Finding> Stepped(RangeSet uncertain) => uncertain.Count == 0 ? [] :
        [new Finding(FindingCode.ClockStepped, new TimeRange(uncertain[0].From, uncertain[^1].To), $"{uncertain.Length.TotalSeconds:0} s uncertain because the clock was set")];

    /// <summary>Times are corrected by what a recorder's clock is wrong; a person must still set it right (时钟准确).</summary>
    IEnumerable<Finding> WrongClock(IReadOnlyList<Observation> observations) => observations.Select(o => o.ClockOffset).Where(offset => offset.Duration() > policy.ClockTolerance).Distinct().Take(1)
        .Select(offset => new Finding(FindingCode.RecorderClockWrong, null, FormattableString.Invariant($"the recorder's clock is {offset.Duration().TotalSeconds:0} s {(offset > TimeSpan.Zero ? "ahead" : "behind")}")));

    /// <summary>
    /// A camera that is known and was not met: looked, and nothing of it is there. Nothing can be said when the recorder, or a
    /// folder of it that might be this camera's, could not be looked at, or when its footage may lie on a volume that is not here.
    /// </summary>
    static Observation? Absent(Recorder recorder, ProbeOutcome outcome, string camera) =>
        outcome.Failed || outcome.IsIncomplete || outcome.Problems.Any(p => p.Code is ProblemCode.UnreadableFolder or ProblemCode.UnreadableIndex or ProblemCode.VolumeMissing or ProblemCode.VolumeReplaced)
            ? null
            : new Observation
            {
                Recorder = recorder.Id,
                Camera = camera,
                Basis = Basis.Measured,
                Looked = new TimeRange(DateTimeOffset.UnixEpoch, outcome.LookedAt),
                Recorded = RangeSet.Empty,
                LookedAt = outcome.LookedAt,
            };

    static Finding Finding(Disagreement d) => new(
        d.EqualBases ? FindingCode.WitnessesDisagree : FindingCode.WitnessOmits, d.Range, $"{d.InDispute.TotalSeconds:0} s in dispute");
}
