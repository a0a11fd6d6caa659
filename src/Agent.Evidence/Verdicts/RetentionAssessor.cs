using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Evidence.Verdicts;

/// <summary>
/// Judges one camera. Pure: the same evidence gives the same answer to the agent, the audit server and anyone else.
/// Unknown time is judged twice, as footage and as gap, and twice again where it leaves open whether the commissioning can be believed;
/// where the answers differ the answer is <see cref="Verdict.Undetermined"/>.
/// </summary>
public static class RetentionAssessor
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Judges the evidence at <paramref name="now"/>.</summary>
    /// <exception cref="ArgumentException">The timeline does not reach back the longest measured days, or ends before now.</exception>
    public static CameraAssessment Assess(CameraEvidence evidence, RetentionPolicy policy, SiteCalendar calendar, DateTimeOffset now)
    {
        var window = evidence.Timeline.Window;
        if (window.To < now || window.From > now - policy.MeasuredDays[^1] * Day)
            throw new ArgumentException("The timeline does not fill the time to be judged.", nameof(evidence));

        var judgements = Judgement.Of(evidence, policy, calendar, now);
        var (best, worst) = (judgements[0], judgements[^1]);
        var oldest = evidence.Timeline.Oldest;
        var nothingKnown = oldest is null && evidence.Timeline.In(SpanState.Unknown).Count > 0;
        var assessment = new CameraAssessment
        {
            AsOf = now,
            Oldest = oldest,
            Newest = evidence.Timeline.Newest,
            ContinuousSince = worst.ContinuousSince,
            ContinuousAge = nothingKnown ? null : now - (worst.ContinuousSince ?? now),
            ContinuousAgeAtMost = now - (best.ContinuousSince ?? now),
            BrokenBy = worst.BrokenBy,
            RequiredDays = policy.RequiredDays,
            Thresholds = [.. policy.MeasuredDays.Select(days => Threshold(evidence, judgements, days, now))],
            Findings = [],
        };
        return assessment with { Findings = [.. FindingsOf(evidence, policy, assessment)] };
    }

    static ThresholdVerdict Threshold(CameraEvidence evidence, IReadOnlyList<Judgement> judgements, int days, DateTimeOffset now)
    {
        var reasons = new SortedSet<VerdictReason>();
        // Unknown time may hold the footage that reaches back, and so decide how much is judged: what is held against a camera must stand in the least of it.
        var latest = judgements.Max(j => j.JudgedSince(days));
        var continuity = Agreed([.. judgements.SelectMany(j => new[] { j.JudgedSince(days), latest }.Distinct().Select(since => j.Continuity(since, reasons)))], reasons);
        var retention = Agreed([.. judgements.Select(j => j.Retention(days, reasons))], reasons);
        if (now - evidence.LookedAt > evidence.Freshness)
        {
            (continuity, retention) = (Verdict.Undetermined, Verdict.Undetermined);
            reasons.Add(VerdictReason.StaleLook);
        }
        if (!evidence.Proven && continuity <= Verdict.Maturing && retention <= Verdict.Maturing)
        {
            retention = Verdict.Undetermined;
            reasons.Add(VerdictReason.UnprovenLayout);
        }
        var coverage = Coverage.Of(evidence.Timeline, new TimeRange(now - days * Day, now));
        return new ThresholdVerdict(days, continuity, retention, coverage, [.. reasons]);
    }

    static Verdict Agreed(IReadOnlyList<Verdict> answers, SortedSet<VerdictReason> reasons)
    {
        if (answers.Distinct().Count() == 1)
            return answers[0];
        reasons.Add(VerdictReason.CouldNotLook);
        return Verdict.Undetermined;
    }

    static IEnumerable<Finding> FindingsOf(CameraEvidence evidence, RetentionPolicy policy, CameraAssessment assessment)
    {
        foreach (var loss in evidence.Losses)
            if (assessment.AsOf - loss.Range.To < policy.RequiredDays * Day)
                yield return new Finding(FindingCode.EarlyLoss, loss.Range, $"{Hours(loss.Range.Length)} h of footage gone before its required age");
        if (evidence.Commissioning is { } c && assessment.Oldest < c.Within.From)
            yield return new Finding(FindingCode.CommissioningContradicted, null, $"footage is {Hours(c.Within.From - assessment.Oldest.Value)} h older than the stated commissioning");
        var since = evidence.Commissioning?.Within.From;
        var spare = assessment.Reach - policy.RequiredDays * Day;
        if (assessment.Binding.Retention == Verdict.Met && spare < Day && !(since > assessment.AsOf - (policy.RequiredDays + 1) * Day))
            yield return new Finding(FindingCode.ThinMargin, null, $"{Hours(spare.Value)} h beyond the required {policy.RequiredDays} d");
    }

    static string Hours(TimeSpan span) => span.TotalHours.ToString("0.0", CultureInfo.InvariantCulture);
}
