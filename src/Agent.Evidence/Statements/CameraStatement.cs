using System.Collections.Immutable;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>What a heartbeat says of one camera: the evidence, the policy it was judged by, and what the agent claims it comes to.</summary>
public sealed record CameraStatement
{
    /// <summary>Above so many gaps the smallest are folded, unless the caller says otherwise.</summary>
    public const int UsualMostGaps = 500;

    /// <summary>More unknown ranges than this are joined across the time between them, the nearest first.</summary>
    public const int MostUnknown = 500;

    /// <summary>Of more losses than this only the newest are told, and those a verdict rests on.</summary>
    public const int MostLosses = 100;

    /// <summary>The most findings told.</summary>
    public const int MostFindings = 200;

    /// <summary>The longest window, in days.</summary>
    public const int LongestWindow = 500;

    /// <summary>Which camera, by codes.</summary>
    public required CameraLabel Label { get; init; }

    /// <summary>What was asked of the camera.</summary>
    public required RetentionPolicy Policy { get; init; }

    /// <summary>Where there is footage and where not; its window ends at the instant judged.</summary>
    public required StatedTimeline Timeline { get; init; }

    /// <summary>When the camera was looked at.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>How old the newest footage may be.</summary>
    public required TimeSpan Freshness { get; init; }

    /// <summary>False: the layout or container was never held against a real recorder's output.</summary>
    public required bool Proven { get; init; }

    /// <summary>When the camera began, when that is known.</summary>
    public required Commissioning? Commissioning { get; init; }

    /// <summary>Footage that was seen once and has gone.</summary>
    public required ImmutableArray<FootageLoss> Losses { get; init; }

    /// <summary>What the agent says this comes to.</summary>
    public required CameraClaim Claimed { get; init; }

    /// <summary>
    /// Cuts the evidence to what a statement carries (whole milliseconds, a window that ends at <paramref name="asOf"/>, unknown where
    /// the timeline ends earlier, at most <paramref name="mostGaps"/> gaps told one by one) and judges that, as any reader will.
    /// </summary>
    /// <param name="label">Which camera. The codes are the caller's; names must not get here.</param>
    /// <param name="evidence">What is known of it.</param>
    /// <param name="policy">What is asked of it.</param>
    /// <param name="calendar">The site's days.</param>
    /// <param name="asOf">The instant to judge at; the same for all cameras of a heartbeat.</param>
    /// <param name="seen">Findings of the round, without names; of these only those are told that do not follow from the evidence.</param>
    /// <param name="mostGaps">Above so many gaps the smallest are folded into their day; no verdict changes by it.</param>
    /// <returns>The statement, with the claim that belongs to it.</returns>
    /// <exception cref="ArgumentException">The timeline does not reach back the longest measured days.</exception>
    public static CameraStatement From(
        CameraLabel label, CameraEvidence evidence, RetentionPolicy policy, SiteCalendar calendar, DateTimeOffset asOf,
        IEnumerable<Finding>? seen = null, int mostGaps = UsualMostGaps)
    {
        policy = WholeMilliseconds.Of(policy);
        var carried = CarriedEvidence.Of(evidence, policy, WholeMilliseconds.Of(asOf));
        var statement = new CameraStatement
        {
            Label = label,
            Policy = policy,
            Timeline = GapFolding.Fold(carried.Timeline, calendar, CutsOf(carried, policy, calendar), mostGaps),
            LookedAt = carried.LookedAt,
            Freshness = carried.Freshness,
            Proven = carried.Proven,
            Commissioning = carried.Commissioning,
            Losses = [.. carried.Losses],
            Claimed = null!,
        };
        var claim = statement.Judge(calendar);
        var findings = claim.Findings.Concat(CarriedEvidence.Of(seen ?? [])).Take(MostFindings);
        return statement with { Claimed = claim with { Findings = [.. findings] } };
    }

    /// <summary>Judges the evidence in the statement; what is claimed plays no part.</summary>
    /// <param name="calendar">The site's days.</param>
    /// <param name="policy">Other budgets than the statement's own; null for its own.</param>
    /// <returns>What the evidence comes to.</returns>
    public CameraClaim Judge(SiteCalendar calendar, RetentionPolicy? policy = null)
    {
        var evidence = new CameraEvidence
        {
            Timeline = Timeline.Timeline,
            LookedAt = LookedAt,
            Freshness = Freshness,
            Commissioning = Commissioning,
            Losses = Losses,
            Proven = Proven,
        };
        return CameraClaim.Of(RetentionAssessor.Assess(evidence, policy ?? Policy, calendar, Timeline.Window.To), Timeline);
    }

    /// <summary>The instants that gaps are counted from: each number of days back, the end of commissioning, and the gaps that end the run.</summary>
    static List<DateTimeOffset> CutsOf(CameraEvidence evidence, RetentionPolicy policy, SiteCalendar calendar)
    {
        var asOf = evidence.Timeline.Window.To;
        var whole = RetentionAssessor.Assess(evidence, policy, calendar, asOf);
        var cuts = policy.MeasuredDays.Select(days => asOf - TimeSpan.FromDays(days)).ToList();
        if (evidence.Commissioning is { } began)
            cuts.Add(began.Within.To);
        if (whole.BrokenBy is { } broken)
            cuts.AddRange([broken.From, broken.To]);
        var atBest = asOf - whole.ContinuousAgeAtMost;
        cuts.AddRange(evidence.Timeline.In(SpanState.Gap).Where(g => g.To == atBest).SelectMany(g => new[] { g.From, g.To }));
        return cuts;
    }
}
