using System.Collections.Immutable;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Tests.Evidence.Verdicts;

namespace Agent.Tests.Evidence.Statements;

/// <summary>Heartbeats to check or to break.</summary>
internal static class TestHeartbeats
{
    public static readonly DateTimeOffset AsOf = new(2026, 11, 23, 11, 5, 0, TimeSpan.Zero);

    public static readonly SiteCalendar Shanghai = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    public static CameraLabel Label(string camera = "c-0a1b2c3d4e") =>
        new() { Camera = camera, Recorders = ["r-5f60718293"], Strongest = Basis.Measured, Weakest = Basis.Measured };

    public static Heartbeat Of(params CameraStatement[] cameras) => new()
    {
        After = 3,
        Site = "HZ-0001",
        AsOf = cameras.Length == 0 ? AsOf : cameras[0].Timeline.Window.To,
        TimeZone = "Asia/Shanghai",
        Receipt = null,
        SoftwareVersion = "0.1.0",
        Cameras = [.. cameras],
    };

    public static Heartbeat Of(History history, int mostGaps = CameraStatement.UsualMostGaps) =>
        Of(From(history, mostGaps)) with { TimeZone = history.Zone.Id };

    public static CameraStatement From(History history, int mostGaps = CameraStatement.UsualMostGaps) =>
        CameraStatement.From(Label(), history.Evidence, history.Policy, history.Calendar, Histories.Now, mostGaps: mostGaps);

    /// <summary>A camera of thirty-one days that recorded all the time but for these seconds before <see cref="AsOf"/>.</summary>
    public static CameraStatement Camera(string code = "c-0a1b2c3d4e", int mostGaps = CameraStatement.UsualMostGaps, params (double From, double To)[] gaps) =>
        CameraStatement.From(Label(code), Evidence(gaps), new RetentionPolicy(), Shanghai, AsOf, mostGaps: mostGaps);

    public static CameraEvidence Evidence(params (double From, double To)[] gaps) => new()
    {
        Timeline = Timeline.Of(
            new TimeRange(AsOf.AddDays(-31), AsOf),
            RangeSet.Of(gaps.Select(g => new TimeRange(AsOf.AddSeconds(-g.From), AsOf.AddSeconds(-g.To)))).Complement(new TimeRange(AsOf.AddDays(-31), AsOf)),
            RangeSet.Empty, RangeSet.Empty),
        LookedAt = AsOf.AddSeconds(-12),
        Freshness = RetentionPolicy.LeastFreshness,
    };

    public static Heartbeat WithClaim(this Heartbeat heartbeat, Func<ThresholdClaim, ThresholdClaim> change) => heartbeat with
    {
        Cameras = [.. heartbeat.Cameras.Select(c => c with { Claimed = c.Claimed with { Thresholds = [.. c.Claimed.Thresholds.Select(change)] } })],
    };

    public static Heartbeat WithTimeline(this Heartbeat heartbeat, Func<StatedTimeline, StatedTimeline> change) => heartbeat with
    {
        Cameras = heartbeat.Cameras.Select(c => c with { Timeline = change(c.Timeline) }).ToImmutableArray(),
    };
}
