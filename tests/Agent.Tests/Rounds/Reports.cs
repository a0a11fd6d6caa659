using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Probing;
using Agent.Recorders;
using Agent.Rounds;

namespace Agent.Tests.Rounds;

/// <summary>Outcomes of a look at a made-up recorder, and what they come to.</summary>
internal static class Reports
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public static readonly SiteCalendar Hangzhou = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    public static Recorder Recorder(params CameraOptions[] declared) =>
        new("recordings", "/srv/recordings", "auto", Hangzhou.Zone, declared.ToDictionary(c => c.Camera, StringComparer.Ordinal));

    public static ProbeOutcome Saw(params CameraFootage[] cameras) => new() { Recorder = "recordings", LookedAt = Now, Cameras = cameras };

    public static ProbeOutcome SawNothing(ProblemCode why, bool failed) => new()
    {
        Recorder = "recordings", LookedAt = Now, Failed = failed, Problems = [new ProbeProblem("recordings", null, why, "why")],
    };

    public static CameraFootage Footage(string camera, double days, params TimeRange[] holes) => new()
    {
        Observation = new Observation
        {
            Recorder = "recordings",
            Camera = camera,
            Basis = Basis.Measured,
            Looked = new TimeRange(DateTimeOffset.UnixEpoch, Now),
            Recorded = RangeSet.Of([new TimeRange(Now.AddDays(-days), Now)]).Except(RangeSet.Of(holes)),
            LookedAt = Now,
        },
        Layout = "frigate",
        Proven = true,
        Segments = 10,
        Bytes = 1000,
        UsualSegment = TimeSpan.FromMinutes(1),
    };

    public static IReadOnlyList<CameraReport> Judge(Recorder recorder, ProbeOutcome outcome, params string[] known) =>
        new Measurement(new PolicyOptions(), Hangzhou).Judge(recorder, outcome, new Sightings { Cameras = known });
}
